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
    private let makeRoutes: (any Channel) throws -> RoutesChannel
    let allowedHosts: AllowedHosts
    let gate: RouteGate?
    let basePath: String
    let trustedProxies: TrustedProxies
    let routeOrigins: AllowedOrigins
    let isSecure: Bool
    let liveness = Liveness()
    private(set) var context: ChannelHandlerContext?
    var state = State.idle
    /// Whether Hummingbird's handlers are behind this one.
    private(set) var hasRoutes = false
    private var discarded = 0
    private var patience: Patience
    private var patienceCheck: Scheduled<Void>?

    init(
        endpoints: [SocketServer],
        configuration: WebConfiguration,
        routes: EventLoopPromise<RoutesChannel?>,
        makeRoutes: @escaping (any Channel) throws -> RoutesChannel
    ) {
        self.endpoints = endpoints
        self.routes = routes
        self.allowedHosts = configuration.allowedHosts
        self.gate = configuration.gate
        self.basePath = configuration.basePath
        self.trustedProxies = configuration.trustedProxies
        self.routeOrigins = configuration.allowedOrigins
        self.isSecure = configuration.tls != nil
        self.patience = Patience(
            requestTimeout: TimeAmount(configuration.requestTimeout),
            idleTimeout: TimeAmount(configuration.idleTimeout)
        )
        self.makeRoutes = makeRoutes
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.schedulePatienceCheck(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        self.patienceCheck?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (self.state, self.unwrapInboundIn(data)) {
        case (.passing, let part):
            if case .end = part { self.patience.requestIsWhole() }
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
            self.patience.requestIsWhole()
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
        case .idle where error is HTTPParserError: self.refuseMalformed(error, context)
        case .idle, .collecting, .answering, .discarding, .upgraded: context.close(promise: nil)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch self.unwrapOutboundIn(data) {
        case .head: break
        case .body(let bytes): self.patience.wrote(bytes: bytes.readableBytes)
        case .end: self.becomeIdle()
        }
        context.write(data, promise: promise)
    }
}

// MARK: - Patience

extension EndpointHandler {
    /// The answer has been written: the next request may take its time to come.
    func becomeIdle() {
        self.state = .idle
        self.patience.answered()
    }

    /// A request has begun: all of it has to be here soon, however slowly it drips in.
    func expectRequest() { self.patience.requestBegan() }

    /// Notes that part of an answer is written.
    func noteWritten(_ body: ByteBuffer) { self.patience.wrote(bytes: body.readableBytes) }

    /// Notes that Hummingbird's handlers are behind this one.
    func installRoutes(_ context: ChannelHandlerContext) throws {
        guard !self.hasRoutes else { return }
        self.routes.succeed(try self.makeRoutes(context.channel))
        self.hasRoutes = true
    }

    private func schedulePatienceCheck(_ context: ChannelHandlerContext) {
        let deadline = self.patience.nextCheck()
        self.patienceCheck = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            guard let context = self.context else { return }
            let unsent = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
            if self.patience.isOver(unsent: unsent) {
                context.close(promise: nil)
            } else {
                self.schedulePatienceCheck(context)
            }
        }
    }
}
