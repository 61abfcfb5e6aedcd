import HTTPTypes
package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// The HTTP server: the sockets' endpoint, the application's routes, and static files, on one port.
///
/// Graceful shutdown: the listener closes, idle connections close, WebSockets get a close frame, polls that wait
/// are answered, requests in hand have `shutdownGrace` to finish.
package struct WebServer: Service, CustomStringConvertible {
    private let configuration: WebConfiguration
    private let endpoints: [SocketServer]
    private let group: any EventLoopGroup
    private let responder: WebResponder<RouterResponder<BasicRequestContext>>
    private let logger: Logger
    private let listening: @Sendable (Int) -> Void
    private let connections: OpenConnections

    /// Puts a server together; `run` binds it.
    ///
    /// - Parameters:
    ///   - configuration: Where and what.
    ///   - sockets: The clients of the endpoint; its event loops are the server's.
    ///   - otherEndpoints: More of them, each with its own path, on the same event loops.
    ///   - router: The application's routes; they win over files.
    ///   - logger: Gets life-cycle messages.
    ///   - listening: Gets the port, once, as soon as connections are accepted.
    package init(
        configuration: WebConfiguration,
        sockets: SocketServer,
        otherEndpoints: [SocketServer] = [],
        router: Router<BasicRequestContext> = Router(),
        logger: Logger,
        listening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.endpoints = [sockets] + otherEndpoints
        self.connections = OpenConnections(
            limits: configuration.connections, trustedProxies: configuration.trustedProxies)
        self.group = sockets.group
        self.logger = logger
        self.listening = listening
        self.responder = WebResponder(
            routes: router.buildResponder(),
            files: configuration.filesDirectory.map {
                FileMiddleware(
                    $0,
                    cacheControl: CacheControl([(MediaType(type: .any), [.noCache])]),
                    searchForIndexHtml: true,
                    logger: logger
                ).withServeOnNotFoundResponse()
            },
            headers: HTTPFields(
                configuration.headers.compactMap { header in
                    HTTPField.Name(header.name).map { HTTPField(name: $0, value: header.value) }
                }),
            origins: configuration.allowedOrigins
        )
    }

    /// What ServiceLifecycle prints of it.
    package var description: String { "web server" }

    /// Serves until told to stop.
    ///
    /// - Throws: `WebServerError` if it cannot listen.
    package func run() async throws {
        let listener = WebListener(
            configuration: self.configuration,
            handler: WebChannel(
                responder: self.responder.answering(self.logger),
                endpoints: self.endpoints,
                connections: self.connections,
                configuration: self.configuration
            ),
            group: self.group,
            logger: self.logger
        )
        do {
            try await withGracefulShutdownHandler {
                try await listener.run { self.listening($0) }
            } onGracefulShutdown: {
                self.stop()
            }
            await self.connections.waitUntilClosed(on: self.group.any())
        } catch let error where error is IOError || error is SocketAddressError {
            throw WebServerError(
                binding: error, host: self.configuration.host, port: self.configuration.port)
        }
    }

    /// Lets every connection know, and ends those that do not listen.
    private func stop() {
        for endpoint in self.endpoints { endpoint.beginShutdown() }
        let connections = self.connections
        self.group.any().scheduleTask(in: TimeAmount(self.configuration.shutdownGrace)) {
            connections.closeAll()
        }
    }
}
