import Config
import FoundationEssentials
import Hummingbird
import Ingest
import Logging
import SocketIO
import Web

/// The realtime column, wired: what clients are told, and the server that tells them.
struct RealtimeParts: Sendable {
    let live: LiveStatus
    let tally: EventTally
    let sockets: SocketServer
    private let config: Config
    private let startedAt: Date
    private let logger: Logger

    /// - Parameters:
    ///   - config: All of it.
    ///   - pipelines: In the order of the configuration.
    ///   - startedAt: When the pipelines started.
    ///   - logger: For what a person must act upon.
    init(config: Config, pipelines: [Pipeline], startedAt: Date, logger: Logger) {
        let live = LiveStatus(statuses: pipelines.map { PipelineStatus(pipeline: $0, startedAt: startedAt) })
        let tally = EventTally()
        self.live = live
        self.tally = tally
        self.sockets = SocketServer(
            namespaces: Namespaces(pipelines: pipelines, live: live, tally: tally).all(),
            configuration: config.socketConfiguration,
            logger: logger
        )
        self.config = config
        self.startedAt = startedAt
        self.logger = logger
    }

    /// The service that takes to clients what the board records.
    func feed(from board: StatusBoard) -> StatusFeed {
        let sockets = self.sockets
        let outlet = EventOutlet(
            tally: self.tally,
            byteLimit: self.config.socketio.backpressure.maxWaitingBytes,
            logger: self.logger
        ) { event, payload, namespace, rooms in
            sockets.emit(event, payload, namespace: namespace, to: .rooms(rooms))
        }
        return StatusFeed(
            board: board,
            live: self.live,
            outlet: outlet,
            sockets: sockets,
            heartbeatInterval: self.config.server.heartbeatInterval,
            logger: self.logger
        )
    }

    /// The HTTP server with all of its routes, which speak of `ingest`; `listening` is called when clients can connect.
    func web(
        for ingest: IngestParts,
        quietLogger: Logger,
        listening: @escaping @Sendable () -> Void
    ) -> WebServer {
        WebServer(
            configuration: self.config.webConfiguration,
            sockets: self.sockets,
            router: self.router(for: ingest),
            logger: quietLogger,
            listening: { [config, logger] port in
                let address = ListenAddress(host: config.server.listen.host, port: port)
                logger.info("Listening.", metadata: ["address": "\(address)", "url": "http://\(address)/"])
                listening()
            }
        )
    }

    private func router(for ingest: IngestParts) -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        StatusRoutes(live: self.live, sockets: self.sockets, store: ingest.store).add(to: router)
        MetricsRoutes(live: self.live, sockets: self.sockets, tally: self.tally, startedAt: self.startedAt)
            .add(to: router)
        FileRoutes(
            catalog: StoreCatalog(store: ingest.store, retries: ingest.retries),
            pipelines: ingest.sources.map(\.pipeline),
            logger: self.logger
        ).add(to: router)
        SearchRoutes(
            search: SearchService(store: ingest.store, embedder: ingest.embedder),
            pipelines: ingest.sources.map(\.pipeline),
            logger: self.logger
        ).add(to: router)
        return router
    }
}
