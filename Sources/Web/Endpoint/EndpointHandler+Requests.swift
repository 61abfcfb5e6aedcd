import EngineIO
import NIOCore
import NIOHTTP1

/// What becomes of a request.
extension EndpointHandler {
    /// A head has come: the endpoint's, or Hummingbird's.
    func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        self.expectRequest()
        guard !self.redirectsToBasePath(head, context) else { return }
        let head = self.withoutBasePath(head)
        let path = head.uri[..<(head.uri.utf8.firstIndex(of: UInt8(ascii: "?")) ?? head.uri.endIndex)]
        if let server = self.endpoints.first(where: { $0.isAt(path) }) {
            let exchange = HTTPExchange(handler: self, eventLoop: context.eventLoop)
            let call = EndpointCall(server: server, head: head, exchange: exchange)
            self.state = .collecting(call)
            let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
            if length > server.configuration.session.maxPayload { self.refuseBody(call) }
        } else if !self.allowedHosts.permits(head.headers.first(name: "host")) {
            self.refuseHost(context)
        } else if let refusal = self.refusal(of: head, path: path, context) {
            self.refuse(refusal, head, context)
        } else {
            self.pass(head, context)
        }
    }

    private func pass(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        do {
            try self.installRoutes(context)
        } catch {
            context.close(promise: nil)
            return
        }
        self.state = .passing
        var head = head
        if head.headers.contains(name: "upgrade") {
            // The HTTP parser reads nothing more after such a request, so the connection has to end with it.
            head.headers.replaceOrAdd(name: "connection", value: "close")
        }
        context.fireChannelRead(self.wrapInboundOut(.head(head)))
    }

    /// Works on a whole request to the endpoint.
    func dispatch(_ call: EndpointCall) {
        let origins = call.server.configuration.allowedOrigins
        if call.head.method == .OPTIONS, call.head.headers.contains(name: "access-control-request-method") {
            return call.exchange.respond(.preflight)
        }
        let host = call.head.headers.first(name: "host")
        guard self.allowedHosts.permits(host), origins.permits(origin: call.origin, host: host) else {
            return call.exchange.refuse(.forbidden)
        }
        do throws(RequestError) {
            let request = try EndpointRequest(
                method: call.head.method.rawValue,
                query: call.query,
                isWebSocket: call.isWebSocket,
                allowsVersion3: call.server.configuration.allowsVersion3
            )
            guard !call.isWebSocket || call.isWholeWebSocketRequest else { throw .badRequest }
            self.dispatch(request, call)
        } catch {
            call.exchange.refuse(error)
        }
    }

    private func dispatch(_ request: EndpointRequest, _ call: EndpointCall) {
        let exchange = call.exchange
        switch request {
        case .handshake(let transport, let version):
            self.open(transport, version, call)
        case .poll(let sid):
            guard let shard = call.server.shard(of: sid) else { return exchange.refuse(.unknownSession) }
            var call = call
            call.polledSession = sid
            self.state = .answering(call)
            shard.run { $0.afterFrames(sid) { $0.poll(sid, exchange) } }
        case .post(let sid):
            guard let shard = call.server.shard(of: sid) else { return exchange.refuse(.unknownSession) }
            let body = Array(buffer: call.body)
            let isBinary = call.isBinary
            shard.run { $0.afterFrames(sid) { $0.post(sid, body, isBinary: isBinary, exchange) } }
        case .upgrade(let sid):
            guard let shard = call.server.shard(of: sid) else { return exchange.refuse(.unknownSession) }
            shard.run { sockets in
                guard sockets.expectProbe(sid, on: exchange.eventLoop) else {
                    return exchange.refuse(.unknownSession)
                }
                exchange.upgrade { link in
                    shard.run { $0.offer(link, sid) }
                } failed: {
                    shard.run { $0.expectNoProbe(sid) }
                }
            }
        }
    }

    private func open(_ transport: Transport, _ version: ProtocolVersion, _ call: EndpointCall) {
        guard let context = self.context else { return }
        let handshake = call.handshake(
            transport: transport, version: version, remoteAddress: self.clientAddress(call.head, context),
            isFromOwnAddress: self.isFromOwnAddress(context))
        let home = call.server.shard(of: context.eventLoop)
        let exchange = call.exchange
        switch transport {
        case .polling:
            home.run { $0.openPolling(exchange, handshake) }
        case .webSocket:
            if let refusal = call.server.admission.refusal(of: handshake.remoteAddress) {
                return exchange.respond(.full(refusal))
            }
            exchange.upgrade { link in home.run { $0.openWebSocket(link, handshake) } }
        }
    }

    /// The connection is gone: whoever wanted to answer has to know.
    func abandon() {
        defer { self.state = .discarding }
        // First: a poll that is on its way to its session still meets it.
        self.liveness.end()
        guard case .answering(let call) = self.state, let sid = call.polledSession else { return }
        let poll = PollID(call.exchange.number)
        call.server.shard(of: sid)?.run { $0.pollAborted(sid, poll) }
    }
}
