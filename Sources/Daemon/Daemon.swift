package import Config
import Connectors
import FoundationEssentials
import Glibc
import Hummingbird
import Ingest
package import Logging
import Processing
import ServiceLifecycle
import Storage
import UnixSignals
import Web

/// The whole program: opens what the configuration names, and runs it until SIGTERM or SIGINT.
///
/// Shutdown order: the sources stop, jobs in hand finish, pages see `pipeline:offline`, sessions close, the listener
/// closes, and last the store.
package struct Daemon: Sendable {
    /// Changes that wait for a worker before the sources have to wait, at some 500 bytes each.
    static let queueCapacity = 16_384

    private let config: Config
    private let logger: Logger

    package init(config: Config, logger: Logger) {
        self.config = config
        self.logger = logger
    }

    /// Runs until the daemon is told to stop.
    ///
    /// - Throws: Why it could not start or go on, as an error whose description is one line for a person.
    package func run() async throws {
        // A client or child that goes away must not end the daemon; writes report EPIPE instead.
        signal(SIGPIPE, SIG_IGN)
        let sources = try self.config.pipelines.map { try self.source($0) }
        let embedder = try await self.config.openEmbedder(threads: self.config.workers)
        let store = try await self.config.openStore(for: embedder.model, access: .readWrite, logger: self.logger)
        let ingest = IngestParts(
            config: self.config,
            sources: sources,
            store: store,
            embedder: embedder,
            logger: self.logger
        )
        let services = self.services(of: ingest)
        self.logger.info(
            "Starting.",
            metadata: ["version": "\(Version.current)", "pipelines": "\(sources.count)"]
        )
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map {
                    .init(
                        service: $0,
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup
                    )
                },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: self.quietLogger
            )
        )
        do {
            try await group.run()
        } catch {
            try? await store.close()
            throw error
        }
        try await store.close()
        self.logger.info("Stopped.")
    }

    /// The services in the order in which they start; they stop from the end.
    private func services(of ingest: IngestParts) -> [any Service] {
        let pipelines = ingest.sources.map(\.pipeline)
        let live = LiveStatus(statuses: pipelines.map { PipelineStatus(pipeline: $0, startedAt: ingest.startedAt) })
        let tally = EventTally()
        let sockets = SocketServer(
            namespaces: Namespaces(pipelines: pipelines, live: live, tally: tally).all(),
            configuration: self.config.socketConfiguration,
            logger: self.logger
        )
        let started = ingest.sources.map { _ in AsyncStream.makeStream(of: Never.self) }
        let web = WebServer(
            configuration: self.config.webConfiguration,
            sockets: sockets,
            router: self.router(ingest, live: live, sockets: sockets, tally: tally),
            logger: self.quietLogger,
            listening: { [config, logger] port in
                let address = ListenAddress(host: config.server.listen.host, port: port)
                logger.info("Listening.", metadata: ["address": "\(address)", "url": "http://\(address)/"])
                for (_, start) in started { start.finish() }
            }
        )
        let feed = StatusFeed(
            board: ingest.board,
            live: live,
            outlet: self.outlet(to: sockets, tally: tally),
            sockets: sockets,
            heartbeatInterval: self.config.server.heartbeatInterval,
            logger: self.logger
        )
        let watchers = zip(ingest.sources, started).map { source, started in
            ingest.watcher(of: source, started: started.stream, logger: self.logger)
        }
        return [web, feed, ingest.retries, ingest.service] + watchers
    }

    private func outlet(to sockets: SocketServer, tally: EventTally) -> EventOutlet {
        EventOutlet(tally: tally, byteLimit: self.config.socketio.backpressure.maxWaitingBytes, logger: self.logger) {
            sockets.emit($0, $1, namespace: $2, to: .rooms($3))
        }
    }

    private func router(
        _ ingest: IngestParts,
        live: LiveStatus,
        sockets: SocketServer,
        tally: EventTally
    ) -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        StatusRoutes(live: live, sockets: sockets, store: ingest.store).add(to: router)
        MetricsRoutes(live: live, sockets: sockets, tally: tally, startedAt: ingest.startedAt).add(to: router)
        SearchRoutes(
            search: SearchService(store: ingest.store, embedder: ingest.embedder),
            pipelines: ingest.sources.map(\.pipeline),
            logger: self.logger
        ).add(to: router)
        return router
    }

    private func source(_ pipeline: Config.Pipeline) throws -> any Source {
        switch pipeline.kind {
        case .localFiles: try self.config.localFilesSource(pipeline, logger: self.logger)
        }
    }

    /// For libraries that tell of each of their steps: their warnings and errors only.
    private var quietLogger: Logger {
        var logger = self.logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }
}
