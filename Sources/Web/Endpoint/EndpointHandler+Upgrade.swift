import EngineIO
import NIOCore
import NIOHTTP1
import NIOWebSocket

extension EndpointHandler {
    /// Answers the handshake of RFC 6455 and replaces every HTTP handler by the WebSocket's.
    ///
    /// - Parameters:
    ///   - number: The request that asked for it.
    ///   - opened: Gets the WebSocket, on this event loop, before its first frame is read.
    ///   - failed: Runs instead if it cannot be.
    func upgrade(
        _ number: Int,
        _ opened: @escaping @Sendable (WebSocketLink) -> Void,
        failed: @escaping @Sendable () -> Void
    ) {
        guard let context = self.context, let call = self.beginUpgrade(number) else { return failed() }
        let negotiator = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
        )
        let answer = negotiator.buildUpgradeResponse(
            channel: context.channel, upgradeRequest: call.head, initialResponseHeaders: [:])
        answer.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let headers):
                self.completeUpgrade(headers, call.server.configuration.session, opened, failed: failed)
            case .failure:
                self.refuseUpgrade(call)
                failed()
            }
        }
    }

    private func completeUpgrade(
        _ headers: HTTPHeaders,
        _ limits: SessionLimits,
        _ opened: (WebSocketLink) -> Void,
        failed: () -> Void
    ) {
        guard let context = self.context else { return failed() }
        var headers = headers
        headers.replaceOrAdd(name: "Upgrade", value: "websocket")
        headers.replaceOrAdd(name: "Connection", value: "upgrade")
        let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
        context.write(self.wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)

        let handler = WebSocketHandler(
            maxMessageBytes: limits.maxPayload,
            limit: Backlog(bytes: limits.maxWaitingBytes, packets: limits.maxWaitingPackets),
            keepsReading: self.hasRoutes,
            isSecure: self.isSecure
        )
        do {
            try self.replaceHandlers(with: handler, context)
        } catch {
            context.close(promise: nil)
            return failed()
        }
        opened(WebSocketLink(handler: handler, eventLoop: context.eventLoop))
    }

    /// Puts the WebSocket's handlers behind this one, then takes away what stands before them.
    ///
    /// The HTTP decoder goes last and hands on the bytes it has not read: a client may send its first frame in the
    /// same segment as its handshake. Hummingbird's own end of the pipeline cannot be taken out; it is told that the
    /// client sends nothing more, and hears no more.
    private func replaceHandlers(with handler: WebSocketHandler, _ context: ChannelHandlerContext) throws {
        let pipeline = context.pipeline.syncOperations
        try pipeline.addHandler(handler, position: .after(self))
        if self.hasRoutes { handler.endInput() } else { self.routes.succeed(nil) }

        let httpDecoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        let others: [any RemovableChannelHandler] = [
            try pipeline.handler(type: HTTPServerPipelineHandler.self),
            try pipeline.handler(type: HTTPResponseEncoder.self),
            self,
        ]
        for other in others { pipeline.removeHandler(other, promise: nil) }
        pipeline.removeHandler(httpDecoder).assumeIsolated().whenComplete { _ in handler.readLeftovers() }
    }
}
