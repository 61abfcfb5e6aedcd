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
import Web

/// The whole program: opens what the configuration names, and runs it until SIGTERM or SIGINT.
///
/// Shutdown order: the sources stop, jobs in hand finish, pages see `pipeline:offline`, sessions close, the listener
/// closes, what they may come back for is saved, and last the store closes.
package struct Daemon: Sendable {
    /// Changes that wait for a worker before the sources have to wait, at some 500 bytes each.
    static let queueCapacity = 16_384

    /// How long taking a large database over from an earlier version may take.
    private static let migrationTime = Duration.seconds(900)

    private let config: Config
    private let configPath: String
    private let environment: ServiceEnvironment
    private let notifier: ServiceNotifier
    private let logger: Logger

    /// - Parameters:
    ///   - config: What the file says.
    ///   - configPath: The file, to be looked at again when somebody asks.
    ///   - environment: What the service manager said.
    ///   - logger: For everything that is told to people.
    package init(config: Config, configPath: String, environment: ServiceEnvironment, logger: Logger) {
        self.config = config
        self.configPath = configPath
        self.environment = environment
        self.notifier = ServiceNotifier(environment.notifySocket, logger: logger)
        self.logger = logger
    }

    /// Runs until the daemon is told to stop.
    ///
    /// The service manager hears how it goes: ready when clients can connect, and at last `stopped` or what failed.
    ///
    /// - Throws: Why it could not start or go on, as an error whose description is one line for a person.
    package func run() async throws {
        do {
            try await self.startPause?.run()
            try await self.openAndServe()
        } catch {
            self.notifier.send(.status("failed: \(error)"))
            throw error
        }
        await self.failedStarts?.forget()
        self.notifier.send(.status("stopped"))
        self.logger.info("Stopped.")
    }

    /// nil where nothing starts the daemon again.
    private var failedStarts: FailedStarts? {
        self.environment.runtimeFolder.map { FailedStarts(folder: $0, logger: self.logger) }
    }

    private var startPause: StartPause? {
        self.failedStarts.map { StartPause(starts: $0, notifier: self.notifier, logger: self.logger) }
    }

    private func openAndServe() async throws {
        // A client or child that goes away must not end the daemon; writes report EPIPE instead.
        signal(SIGPIPE, SIG_IGN)
        // Until somebody listens for it, a request to reload changes nothing.
        if ReloadRequests.areExpected { signal(SIGHUP, SIG_IGN) }
        self.raiseFileLimit()
        self.reportGaps()
        let inherited = try self.inheritedSockets()
        let access = try await AccessControl(config: self.config, logger: self.logger)
        let tls = try await self.config.tlsIdentity()
        let sources = try self.config.pipelines.map {
            try self.config.source($0, mustBeReadable: true, logger: self.logger)
        }
        self.notifier.send(.status("loading the model"))
        let embedder = try await self.config.openEmbedder(threads: self.config.workers, logger: self.logger)
        self.notifier.send(.extendTimeout(Self.migrationTime), .status("opening the database"))
        try await Reembedding(config: self.config, embedder: embedder, self.logger).finish { progress in
            guard case .passages(let done, let total) = progress else { return }
            self.notifier.send(.extendTimeout(Self.migrationTime), .status("embedding anew: \(done) of \(total)"))
        }
        let store = try await self.config.openStore(for: embedder.model, access: .readWrite, logger: self.logger)
        try await self.reportForeign(store)
        let ingest = IngestParts(
            config: self.config,
            sources: sources,
            store: store,
            embedder: embedder,
            logger: self.logger
        )
        try await self.serve(ingest, store, Entrance(sockets: inherited, access: access, tls: tls))
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

    /// Takes over the sockets of the service manager.
    private func inheritedSockets() throws(StartError) -> [InheritedSocket] {
        var sockets: [InheritedSocket] = []
        for descriptor in self.environment.descriptors {
            let socket = try InheritedSocket(descriptor)
            // Who may do what was decided for `server.listen`.
            guard socket.isLocal || !self.config.server.listen.isLoopback else {
                throw .openSocket(address: socket.address)
            }
            sockets.append(socket)
        }
        return sockets
    }

    /// Says what parsers of untrusted documents could reach here although they should not.
    private func reportGaps() {
        guard !Confinement.gaps.isEmpty else { return }
        self.logger.warning(
            "The kernel cannot keep parsers of documents from everything; a newer one can.",
            metadata: ["open_to_them": "\(Confinement.gaps.joined(separator: ", "))"]
        )
    }

    /// Says what is stored of pipelines that are not configured: it stays, and nobody finds it.
    private func reportForeign(_ store: SQLiteStore) async throws {
        let configured = Set(self.config.pipelines.map { PipelineID($0.id) })
        for (pipeline, count) in try await store.documentCounts() where count > 0 && !configured.contains(pipeline) {
            self.logger.warning(
                "The database has documents of a pipeline that is not configured. They stay, and no search finds them.",
                metadata: ["pipeline": "\(pipeline)", "documents": "\(count)"]
            )
        }
    }

    private func serve(_ ingest: IngestParts, _ store: SQLiteStore, _ entrance: Entrance) async throws {
        let pipelines = ingest.sources.map(\.pipeline)
        let realtime = RealtimeParts(
            config: self.config,
            pipelines: pipelines,
            startedAt: ingest.startedAt,
            access: entrance.access,
            tls: entrance.tls,
            logger: self.logger
        )
        let recovery = SocketRecovery(
            store: store,
            realtime: realtime,
            pipelines: pipelines,
            access: entrance.access,
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
        let supervision = Supervision(
            notifier: self.notifier,
            reporter: StatusReporter(notifier: self.notifier, live: realtime.live),
            watchdogTimeout: self.environment.watchdogTimeout,
            probes: ingest.probes + realtime.probes,
            failedStarts: self.failedStarts,
            config: self.config,
            configPath: self.configPath,
            logger: self.logger
        )
        do {
            let services = self.services(of: ingest, realtime, controls, on: entrance.sockets) {
                supervision.reportReady()
            }
            try await supervision.run(self.group(of: services))
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
                logger: self.quietLogger
            )
        )
    }

    /// The services in the order in which they start; they stop from the end.
    private func services(
        of ingest: IngestParts,
        _ realtime: RealtimeParts,
        _ controls: PipelineControls,
        on inherited: [InheritedSocket],
        ready: @escaping @Sendable () -> Void
    ) -> [any Service] {
        let started = ingest.sources.map { _ in AsyncStream.makeStream(of: Never.self) }
        let web = realtime.web(for: ingest, controls: controls, on: inherited, quietLogger: self.quietLogger) {
            ready()
            for (_, start) in started { start.finish() }
        }
        let watchers = zip(ingest.sources, started).map { source, started in
            ingest.watcher(of: source, started: started.stream, logger: self.logger)
        }
        return [web, realtime.feed(from: ingest.board), ingest.retries, ingest.service, ingest.removal]
            + watchers
    }

    /// For libraries that tell of each of their steps: their warnings and errors only.
    private var quietLogger: Logger {
        var logger = self.logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }
}
