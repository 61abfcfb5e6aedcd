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
    private let log: EventLog
    private let access: AccessControl
    private let tls: TLSIdentity?
    private let config: Config
    private let startedAt: Date
    private let logger: Logger

    /// - Parameters:
    ///   - config: All of it.
    ///   - pipelines: In the order of the configuration.
    ///   - startedAt: When the pipelines started.
    ///   - access: Who may do what.
    ///   - tls: The certificate to show; nil for plain HTTP.
    ///   - logger: For what a person must act upon.
    init(
        config: Config, pipelines: [Pipeline], startedAt: Date, access: AccessControl, tls: TLSIdentity?,
        logger: Logger
    ) {
        let live = LiveStatus(statuses: pipelines.map { PipelineStatus(pipeline: $0, startedAt: startedAt) })
        let tally = EventTally()
        self.live = live
        self.tally = tally
        self.sockets = SocketServer(
            namespaces: Namespaces(pipelines: pipelines, live: live, tally: tally, access: access).all(),
            configuration: config.socketConfiguration,
            logger: logger
        )
        self.log = EventLog(startedAt: startedAt)
        self.access = access
        self.tls = tls
        self.config = config
        self.startedAt = startedAt
        self.logger = logger
    }

    /// The service that takes to clients what the board records.
    func feed(from board: StatusBoard) -> StatusFeed {
        let sockets = self.sockets
        let outlet = EventOutlet(
            tally: self.tally,
            log: self.log,
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
        controls: PipelineControls,
        on inherited: [InheritedSocket],
        quietLogger: Logger,
        listening: @escaping @Sendable () -> Void
    ) -> WebServer {
        var configuration = self.config.webConfiguration(inherited: inherited)
        configuration.gate = { [access] request in access.gate(request) }
        configuration.tls = self.tls
        return WebServer(
            configuration: configuration,
            sockets: self.sockets,
            router: self.router(for: ingest, controls),
            logger: quietLogger,
            listening: { port in
                self.report(inherited, port: port)
                listening()
            }
        )
    }

    /// What has to answer for clients to be served.
    var probes: [HealthProbe] {
        [
            HealthProbe("event loops") { _ = await self.sockets.metrics },
            HealthProbe("live status") { _ = self.live.statuses },
        ]
    }

    private func report(_ inherited: [InheritedSocket], port: Int) {
        for socket in inherited {
            self.logger.info(
                "Listening on a socket of the service manager, not on 'server.listen'.",
                metadata: ["address": "\(socket.address)"]
            )
        }
        guard inherited.isEmpty else { return }
        let address = ListenAddress(host: self.config.server.listen.host, port: port)
        let scheme = self.config.server.tls == nil ? "http" : "https"
        let url = "\(scheme)://\(address)\(self.config.server.basePath)/"
        self.logger.info("Listening.", metadata: ["address": "\(address)", "url": "\(url)"])
    }

    private func router(for ingest: IngestParts, _ controls: PipelineControls) -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
        let pipelines = ingest.sources.map(\.pipeline)
        StatusRoutes(live: self.live, sockets: self.sockets, store: ingest.store, access: self.access).add(to: router)
        MetricsRoutes(
            live: self.live, sockets: self.sockets, tally: self.tally, access: self.access, startedAt: self.startedAt
        ).add(to: router)
        AccessRoutes(access: self.access, pipelines: pipelines).add(to: router)
        PipelineRoutes(live: self.live, controls: controls, access: self.access, logger: self.logger).add(to: router)
        EventRoutes(log: self.log, access: self.access, pipelines: pipelines).add(to: router)
        SocketRoutes(
            sockets: self.sockets, configuration: self.config.socketConfiguration, basePath: self.config.server.basePath
        ).add(to: router)
        DeletionRoutes(
            review: ingest.deletions, pipelines: pipelines, access: self.access, logger: self.logger
        ).add(to: router)
        FileDetailRoutes(
            store: ingest.store, pipelines: pipelines, access: self.access, logger: self.logger
        ).add(to: router)
        FileRoutes(
            catalog: StoreCatalog(store: ingest.store, retries: ingest.retries, board: ingest.board),
            pipelines: pipelines,
            access: self.access,
            logger: self.logger
        ).add(to: router)
        SearchRoutes(
            search: SearchService(
                store: ingest.store,
                embedder: ingest.embedder,
                pipelines: pipelines.map(\.id),
                logger: self.logger
            ),
            pipelines: pipelines,
            access: self.access,
            logger: self.logger
        ).add(to: router)
        UnknownRoutes().add(to: router)
        return router
    }
}
