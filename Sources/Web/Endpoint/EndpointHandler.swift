import EngineIO
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Takes the requests to the Socket.IO endpoint out of a connection, and lets every other one pass.
///
/// It stands behind NIO's pipelining handler, so it sees one request at a time: the next comes when the last one's
/// answer has been written. A polling request that waits is a value in here; no task waits with it.
final class EndpointHandler: ChannelDuplexHandler, RemovableChannelHandler {
    /// What Hummingbird reads requests from and writes responses to.
    typealias RoutesChannel = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    enum State {
        case idle
        /// Hummingbird's request, until its response has been written.
        case passing
        case collecting(EndpointCall)
        case answering(EndpointCall)
        /// Answered already; what comes is dropped, then the connection closes.
        case discarding
        case upgraded
    }

    /// Bytes of a refused body that are read, so that the client gets to see the refusal.
    private static let discardLimit = 16_000_000

    let endpoints: [SocketServer]
    /// Hummingbird's end of the connection; kept before the first request that is its own, or broken off.
    let routes: EventLoopPromise<RoutesChannel?>
    /// Adds Hummingbird's handlers behind this one.
    private let installRoutes: (any Channel) throws -> RoutesChannel
    private let idleTimeout: TimeAmount
    private(set) var context: ChannelHandlerContext?
    var state = State.idle
    /// Whether Hummingbird's handlers are behind this one.
    private(set) var hasRoutes = false
    private var discarded = 0
    private var lastActivity = NIODeadline.now()
    private var idleCheck: Scheduled<Void>?

    init(
        endpoints: [SocketServer],
        idleTimeout: TimeAmount,
        routes: EventLoopPromise<RoutesChannel?>,
        installRoutes: @escaping (any Channel) throws -> RoutesChannel
    ) {
        self.endpoints = endpoints
        self.routes = routes
        self.idleTimeout = idleTimeout
        self.installRoutes = installRoutes
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.scheduleIdleCheck(context, at: .now() + self.idleTimeout)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        self.idleCheck?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.lastActivity = .now()
        switch (self.state, self.unwrapInboundIn(data)) {
        case (.passing, let part):
            context.fireChannelRead(self.wrapInboundOut(part))
        case (.idle, .head(let head)):
            self.begin(head, context)
        case (.collecting(var call), .body(let bytes)):
            self.state = .idle  // Leaves the buffer to one owner, so that it grows in place.
            call.body.writeImmutableBuffer(bytes)
            self.state = .collecting(call)
            if call.body.readableBytes > call.server.configuration.session.maxPayload { self.refuseBody(call) }
        case (.collecting(let call), .end):
            self.state = .answering(call)
            self.dispatch(call)
        case (.discarding, .body(let bytes)):
            self.discarded += bytes.readableBytes
            if self.discarded > Self.discardLimit { context.close(promise: nil) }
        case (.discarding, .end):
            context.close(promise: nil)
        case (.idle, _), (.collecting, .head), (.answering, _), (.discarding, .head), (.upgraded, _):
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.abandon()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            switch self.state {
            case .passing: break
            case .idle where self.hasRoutes: break
            case .idle, .collecting, .answering, .discarding, .upgraded:
                context.close(promise: nil)
                return
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch self.state {
        case .passing: context.fireErrorCaught(error)
        case .idle where error is HTTPParserError:
            self.write(
                status: .badRequest, headers: ["Connection": "close", "Content-Length": "0"], body: nil, context)
            context.close(promise: nil)
        case .idle, .collecting, .answering, .discarding, .upgraded: context.close(promise: nil)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = self.unwrapOutboundIn(data) {
            self.state = .idle
            self.lastActivity = .now()
        }
        context.write(data, promise: promise)
    }
}

// MARK: - Requests

extension EndpointHandler {
    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let path = head.uri.prefix { $0 != "?" }
        if let server = self.endpoints.first(where: { $0.isAt(path) }) {
            let exchange = HTTPExchange(handler: self, eventLoop: context.eventLoop)
            let call = EndpointCall(server: server, head: head, exchange: exchange)
            self.state = .collecting(call)
            let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
            if length > server.configuration.session.maxPayload { self.refuseBody(call) }
        } else {
            self.pass(head, context)
        }
    }

    private func pass(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        do {
            if !self.hasRoutes { self.routes.succeed(try self.installRoutes(context.channel)) }
        } catch {
            context.close(promise: nil)
            return
        }
        self.hasRoutes = true
        self.state = .passing
        var head = head
        if head.headers.contains(name: "upgrade") {
            // The HTTP parser reads nothing more after such a request, so the connection has to end with it.
            head.headers.replaceOrAdd(name: "connection", value: "close")
        }
        context.fireChannelRead(self.wrapInboundOut(.head(head)))
    }

    private func dispatch(_ call: EndpointCall) {
        let origins = call.server.configuration.allowedOrigins
        if call.head.method == .OPTIONS, call.head.headers.contains(name: "access-control-request-method") {
            return call.exchange.respond(.preflight)
        }
        guard origins.permits(origin: call.origin, host: call.head.headers.first(name: "host")) else {
            return call.exchange.refuse(.forbidden)
        }
        do throws(RequestError) {
            let request = try EndpointRequest(
                method: call.head.method.rawValue, query: call.query, isWebSocket: call.isWebSocket)
            self.dispatch(request, call)
        } catch {
            call.exchange.refuse(error)
        }
    }

    private func dispatch(_ request: EndpointRequest, _ call: EndpointCall) {
        guard let context = self.context else { return }
        let home = call.server.shard(of: context.eventLoop)
        let exchange = call.exchange
        switch request {
        case .handshake(let transport):
            let handshake = call.handshake(transport: transport, remoteAddress: context.remoteAddress)
            switch transport {
            case .polling: home.run { $0.openPolling(exchange, handshake) }
            case .webSocket: exchange.upgrade { link in home.run { $0.openWebSocket(link, handshake) } }
            }
        case .poll(let sid):
            guard let shard = call.server.shard(of: sid) else { return exchange.refuse(.unknownSession) }
            var call = call
            call.polledSession = sid
            self.state = .answering(call)
            shard.run { $0.poll(sid, exchange) }
        case .post(let sid):
            guard let shard = call.server.shard(of: sid) else { return exchange.refuse(.unknownSession) }
            let body = Array(buffer: call.body)
            shard.run { $0.post(sid, body, exchange) }
        case .upgrade(let sid):
            guard let shard = call.server.shard(of: sid) else { return exchange.refuse(.unknownSession) }
            shard.run { sockets in
                guard sockets.has(sid) else { return exchange.refuse(.unknownSession) }
                exchange.upgrade { link in shard.run { $0.offer(link, sid) } }
            }
        }
    }

    /// The connection is gone: whoever wanted to answer has to know.
    private func abandon() {
        defer { self.state = .discarding }
        guard case .answering(let call) = self.state, let sid = call.polledSession else { return }
        let poll = PollID(call.exchange.number)
        call.server.shard(of: sid)?.run { $0.pollAborted(sid, poll) }
    }

    private func scheduleIdleCheck(_ context: ChannelHandlerContext, at deadline: NIODeadline) {
        self.idleCheck = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            guard let context = self.context else { return }
            switch self.state {
            case .idle where !self.hasRoutes, .collecting, .discarding:
                guard self.lastActivity + self.idleTimeout > .now() else {
                    context.close(promise: nil)
                    return
                }
            case .idle, .passing, .answering, .upgraded:
                self.lastActivity = .now()
            }
            self.scheduleIdleCheck(context, at: self.lastActivity + self.idleTimeout)
        }
    }
}
