import EngineIO
import NIOCore
import NIOHTTP1

extension EndpointHandler {
    /// Writes the answer to a request, if it still waits for one.
    func respond(_ response: EndpointResponse, to number: Int) {
        guard case .answering(let call) = self.state, call.exchange.number == number, let context = self.context else {
            return
        }
        self.state = .idle
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

    private func write(
        _ response: EndpointResponse,
        to call: EndpointCall,
        mustClose: Bool,
        _ context: ChannelHandlerContext
    ) {
        if response.isRefusal { call.server.shard(of: context.eventLoop).run { $0.countRejection() } }
        let origins = call.server.configuration.allowedOrigins
        var headers = HTTPHeaders(
            response.status == .noContent
                ? origins.preflightHeaders(
                    for: call.origin, requestedHeaders: call.head.headers.first(name: "access-control-request-headers"))
                : origins.headers(for: call.origin))
        if response.status != .noContent {
            headers.add(name: "Content-Type", value: response.contentType)
            headers.add(name: "Content-Length", value: String(response.body.readableBytes))
        }
        headers.add(name: "Cache-Control", value: "no-store")
        if mustClose { headers.add(name: "Connection", value: "close") }
        self.write(
            status: response.status, headers: headers, body: call.head.method == .HEAD ? nil : response.body, context)
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
