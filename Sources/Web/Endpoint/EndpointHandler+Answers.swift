import EngineIO
import NIOCore
import NIOHTTP1

/// How requests to the endpoint are answered.
extension EndpointHandler {
    /// Writes the answer to a request, if it still waits for one.
    func respond(_ response: EndpointResponse, to number: Int) {
        guard case .answering(let call) = self.state, call.exchange.number == number, let context = self.context else {
            return
        }
        self.becomeIdle()
        // The HTTP parser reads nothing more after a request for an upgrade.
        let mustClose = !call.head.isKeepAlive || call.head.headers.contains(name: "upgrade")
        self.write(response, to: call, mustClose: mustClose, context)
        if mustClose { context.close(mode: .output, promise: nil) }
    }

    /// Refuses a body that is larger than promised, and reads no more of it than it must.
    func refuseBody(_ call: EndpointCall) {
        guard let context = self.context else { return }
        self.state = .discarding
        self.write(.tooLarge, to: call, mustClose: true, context)
    }

    /// Refuses a request that calls this server by a name that is not its own.
    func refuseHost(_ context: ChannelHandlerContext) {
        self.state = .discarding
        self.write(.foreignHost, context)
    }

    /// Refuses what cannot be read as a request, and reads no more of it.
    func refuseMalformed(_ error: any Error, _ context: ChannelHandlerContext) {
        let isTooLarge = if case .headerOverflow? = error as? HTTPParserError { true } else { false }
        self.write(isTooLarge ? .headersTooLarge : .malformed, context)
        context.close(promise: nil)
    }

    /// Writes the last answer of a connection.
    private func write(_ problem: ProblemDetails, _ context: ChannelHandlerContext) {
        let body = problem.body
        self.write(
            status: problem.status,
            headers: [
                "Content-Type": ProblemDetails.contentType, "Content-Length": String(body.readableBytes),
                "Connection": "close",
            ],
            body: body,
            context
        )
    }

    private func write(
        _ response: EndpointResponse,
        to call: EndpointCall,
        mustClose: Bool,
        _ context: ChannelHandlerContext
    ) {
        let shard = call.server.shard(of: context.eventLoop)
        if let rejection = response.rejection { shard.run { $0.count(rejection) } }
        let origins = call.server.configuration.allowedOrigins
        var headers = HTTPHeaders(
            response.status == .noContent
                ? origins.preflightHeaders(
                    for: call.origin, requestedHeaders: call.head.headers.first(name: "access-control-request-headers"))
                : origins.headers(for: call.origin))
        var body = response.body
        if response.status != .noContent {
            if let compressed = self.compressed(body, for: call, shard) {
                body = compressed
                headers.add(name: "Content-Encoding", value: "gzip")
            }
            headers.add(name: "Content-Type", value: response.contentType)
            headers.add(name: "Content-Length", value: String(body.readableBytes))
        }
        if let session = response.session, let cookie = call.server.configuration.cookie {
            let secure = self.isSecure ? "; Secure" : ""
            headers.add(name: "Set-Cookie", value: "\(cookie)=\(session.text); Path=/; HttpOnly; SameSite=Lax\(secure)")
        }
        headers.add(name: "Cache-Control", value: "no-store")
        if mustClose { headers.add(name: "Connection", value: "close") }
        self.write(status: response.status, headers: headers, body: call.head.method == .HEAD ? nil : body, context)
    }

    private func compressed(_ body: ByteBuffer, for call: EndpointCall, _ shard: SocketShard) -> ByteBuffer? {
        guard body.readableBytes >= call.server.configuration.compressionThreshold,
            GzipEncoder.isAccepted(call.head.headers[canonicalForm: "accept-encoding"])
        else { return nil }
        return shard.here { $0.gzip.encode(body) }
    }

    /// Writes a whole response.
    func write(
        status: HTTPResponseStatus,
        headers: HTTPHeaders,
        body: ByteBuffer?,
        _ context: ChannelHandlerContext
    ) {
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(self.wrapOutboundOut(.head(head)), promise: nil)
        if let body, body.readableBytes > 0 {
            self.noteWritten(body)
            context.write(self.wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// Takes the connection away from HTTP; the request that asked for it, if it still waits.
    func beginUpgrade(_ number: Int) -> EndpointCall? {
        guard case .answering(let call) = self.state, call.exchange.number == number else { return nil }
        self.state = .upgraded
        return call
    }

    /// Takes back an upgrade that cannot be.
    func refuseUpgrade(_ call: EndpointCall) {
        self.state = .answering(call)
        call.exchange.refuse(.badRequest)
    }
}
