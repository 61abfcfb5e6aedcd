import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// One connection: HTTP for the routes, polling and WebSocket for the sockets, told apart request by request.
///
/// Hummingbird's handlers are added before the first request that is theirs, so a connection that only carries
/// sockets never has them.
struct WebChannel: HTTPChannelHandler {
    /// A connection, and Hummingbird's end of it once there is one.
    struct Value: ServerChildChannelValue {
        let channel: any Channel
        /// nil when the connection ended, or became a WebSocket, without a request for the routes.
        let routes: EventLoopFuture<EndpointHandler.RoutesChannel?>
    }

    /// Bounds on what a client may send before it has been understood: a quarter of what Hummingbird takes.
    private static let headerLimit = 16 * 1_024
    private static let readBuffers = AdaptiveRecvByteBufferAllocator(minimum: 256, initial: 512, maximum: 65_536)

    let responder: Responder
    let endpoints: [SocketServer]
    let connections: OpenConnections
    let configuration: WebConfiguration

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let value = channel.eventLoop.makeCompletedFuture {
            guard self.connections.add(channel) else { throw ChannelError.ioOnClosedChannel }
            let routes = channel.eventLoop.makePromise(of: EndpointHandler.RoutesChannel?.self)
            channel.closeFuture.whenComplete { _ in routes.succeed(nil) }

            let endpoint = EndpointHandler(
                endpoints: self.endpoints, configuration: self.configuration, routes: routes
            ) { channel in
                try self.installRoutes(on: channel, logger)
            }
            // A connection keeps its last read buffer for good: most never need more than a small one.
            try channel.syncOptions?.setOption(.recvAllocator, value: Self.readBuffers)
            let pipeline = channel.pipeline.syncOperations
            if let tls = self.configuration.tls { try pipeline.addHandler(tls.makeHandler()) }
            try pipeline.addHandler(HTTPResponseEncoder())
            try pipeline.addHandler(ByteToMessageHandler(Self.makeDecoder()))
            try pipeline.addHandler(HTTPServerPipelineHandler())
            try pipeline.addHandler(endpoint)
            return Value(channel: channel, routes: routes.futureResult)
        }
        // Nobody else does: the one too many would stay open, and never be read.
        value.whenFailure { _ in channel.close(promise: nil) }
        return value
    }

    func handle(value: Value, logger: Logger) async {
        guard let routes = try? await value.routes.get() else { return }
        await self.handleHTTP(asyncChannel: routes, logger: logger)
    }

    private func installRoutes(on channel: any Channel, _ logger: Logger) throws -> EndpointHandler.RoutesChannel {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: self.configuration.tls != nil))
        // It sees the routes' requests only, and would take a poll or a WebSocket for silence: no timeout of its own.
        try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: nil, logger: logger))
        return try NIOAsyncChannel(
            wrappingChannelSynchronously: channel,
            configuration: .init(isOutboundHalfClosureEnabled: true)
        )
    }

    private static func makeDecoder() -> HTTPRequestDecoder {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = Self.headerLimit
        limits.maxHeaderListSize = Self.headerLimit
        limits.maxHeaderFieldCount = 100
        return HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits)
    }
}
