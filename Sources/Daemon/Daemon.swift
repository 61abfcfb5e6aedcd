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
/// closes, what they may come back for is saved, and last the store closes.
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
        self.raiseFileLimit()
        let access = try await AccessControl(config: self.config, logger: self.logger)
        let tls = try await self.config.tlsIdentity()
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
        try await self.serve(ingest, store, access, tls)
        self.logger.info("Stopped.")
    }

    /// Makes room for the connections that the configuration allows.
    private func raiseFileLimit() {
        let clients = self.config.socketio.maxConnections
        let allowed = OpenFileLimit.raise(to: clients * Config.connectionsPerClient + OpenFileLimit.reserve)
        guard allowed < clients + OpenFileLimit.reserve else { return }
        self.logger.warning(
            "The system lets fewer clients connect than 'socketio.max_connections' does; raise 'LimitNOFILE' or lower it.",
            metadata: ["open_files": "\(allowed)", "max_connections": "\(clients)"]
        )
    }

    private func serve(
        _ ingest: IngestParts, _ store: SQLiteStore, _ access: AccessControl, _ tls: TLSIdentity?
    ) async throws {
        let pipelines = ingest.sources.map(\.pipeline)
        let realtime = RealtimeParts(
            config: self.config,
            pipelines: pipelines,
            startedAt: ingest.startedAt,
            access: access,
            tls: tls,
            logger: self.logger
        )
        let recovery = SocketRecovery(
            store: store,
            realtime: realtime,
            pipelines: pipelines,
            isEnabled: self.config.socketio.recovery.isEnabled,
            logger: self.logger
        )
        await recovery.restore()
        let controls = PipelineControls(
            sources: ingest.sources, dispatcher: ingest.dispatcher, board: ingest.board, store: store,
            logger: self.logger
        )
        await controls.restore()
        self.logger.info(
            "Starting.",
            metadata: ["version": "\(Version.current)", "pipelines": "\(pipelines.count)"]
        )
        do {
            try await self.group(of: self.services(of: ingest, realtime, controls)).run()
        } catch {
            // What was restored for clients is theirs again when the cause is mended.
            await recovery.save()
            try? await store.close()
            throw error
        }
        await recovery.save()
        try await store.close()
    }

    private func group(of services: [any Service]) -> ServiceGroup {
        ServiceGroup(
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
    }

    /// The services in the order in which they start; they stop from the end.
    private func services(
        of ingest: IngestParts, _ realtime: RealtimeParts, _ controls: PipelineControls
    ) -> [any Service] {
        let started = ingest.sources.map { _ in AsyncStream.makeStream(of: Never.self) }
        let web = realtime.web(for: ingest, controls: controls, quietLogger: self.quietLogger) {
            for (_, start) in started { start.finish() }
        }
        let watchers = zip(ingest.sources, started).map { source, started in
            ingest.watcher(of: source, started: started.stream, logger: self.logger)
        }
        return [web, realtime.feed(from: ingest.board), ingest.retries, ingest.service] + watchers
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
