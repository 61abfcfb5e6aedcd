package import Config
import Connectors
import EngineIO
import FoundationEssentials
import Ingest
package import Logging
import NIOPosix
import Processing
import SocketIO
import Storage
import Web

/// The only code that turns configuration into constructor arguments.
extension Config {
    /// Documents in hand at once: while a service computes, workers only wait for it.
    var workers: Int {
        let cores = max(1, ProcessInfo.processInfo.activeProcessorCount)
        return self.processing.workers ?? max(cores, self.embedding.service?.concurrency ?? 0)
    }

    /// How text is read from pictures, if it is.
    var recognition: TextRecognition? {
        self.processing.ocr ? TextRecognition(languages: self.processing.ocrLanguages) : nil
    }

    /// What one document may cost: files as large as a pipeline lets through.
    var extractionLimits: ExtractionLimits {
        let largest = self.pipelines.map(\.maxFileSize).max()
        return largest.map { ExtractionLimits(fileBytes: $0) } ?? ExtractionLimits()
    }

    /// When failed documents are tried again.
    var retryPolicy: RetryPolicy {
        RetryPolicy(
            maxAttempts: self.retry.maxAttempts,
            firstDelay: self.retry.firstDelay,
            maxDelay: self.retry.maxDelay
        )
    }

    var socketConfiguration: SocketConfiguration {
        SocketConfiguration(
            session: SessionLimits(
                pingInterval: self.socketio.pingInterval,
                pingTimeout: self.socketio.pingTimeout,
                maxPayload: self.socketio.maxPayload,
                maxWaitingBytes: self.socketio.backpressure.maxWaitingBytes,
                maxWaitingPackets: self.socketio.backpressure.maxWaitingPackets
            ),
            packets: PacketLimits(attachments: self.socketio.maxAttachments),
            allowedOrigins: self.webOrigins,
            allowsVersion3: self.socketio.allowEIO3,
            recovery: self.recoveryLimits,
            packetRate: Self.rateLimit(self.socketio.rateLimit.packetsPerSecond, self.socketio.rateLimit.burstPackets),
            byteRate: Self.rateLimit(self.socketio.rateLimit.bytesPerSecond, self.socketio.rateLimit.burstBytes),
            connections: self.connectionLimits(each: 1),
            cookie: self.socketio.cookie
        )
    }

    private static func rateLimit(_ perSecond: Int?, _ burst: Int?) -> RateLimit? {
        guard let perSecond, let burst else { return nil }
        return RateLimit(perSecond: perSecond, burst: burst)
    }

    private var recoveryLimits: RecoveryLimits? {
        guard self.socketio.recovery.isEnabled else { return nil }
        return RecoveryLimits(
            maxDisconnection: self.socketio.recovery.maxDisconnection,
            unnoticedLoss: self.socketio.pingInterval + self.socketio.pingTimeout,
            maxEvents: self.socketio.recovery.maxEvents,
            maxBytes: self.socketio.recovery.maxBytes,
            maxSessions: self.socketio.maxConnections,
            // Coming back must not be what ends a client for reading too slowly.
            maxMissedEvents: self.socketio.backpressure.maxWaitingPackets / 2,
            maxMissedBytes: self.socketio.backpressure.maxWaitingBytes / 2
        )
    }

    /// What the web server is to do; sockets of the service manager take the place of `server.listen`.
    func webConfiguration(inherited: [InheritedSocket]) -> WebConfiguration {
        var configuration = WebConfiguration(
            host: self.server.listen.host,
            port: self.server.listen.port,
            inheritedSockets: inherited.map(\.descriptor),
            filesDirectory: self.server.publicDirectory,
            fileHeaders: Self.pageHeaders,
            allowedOrigins: self.webOrigins,
            allowedHosts: self.webHosts(
                isLocal: inherited.isEmpty ? self.server.listen.isLoopback : inherited.allSatisfy(\.isLocal)),
            connections: self.connectionLimits(each: Self.connectionsPerClient)
        )
        configuration.basePath = self.server.basePath
        configuration.trustedProxies = TrustedProxies(
            self.server.trustedProxies.map { TrustedProxies.Block(bytes: $0.bytes, prefixLength: $0.prefixLength) }
        )
        return configuration
    }

    /// Reads every token, the API key, all credentials, and the certificate with its key, as the daemon would at its start.
    ///
    /// Blocks.
    ///
    /// - Throws: `SecretProblem`, `CredentialsError` or `TLSError`: the first thing that is wrong.
    package func checkSecrets() throws {
        for token in self.server.auth.tokens { _ = try token.place.readSecret() }
        for pipeline in self.pipelines {
            if let drive = pipeline.drive { _ = try drive.access() }
        }
        _ = try self.embedding.service?.key?.readSecret(.apiKey)
        if let tls = self.server.tls { _ = try TLSIdentity(certificate: tls.certificate, key: tls.key) }
    }

    /// Reads the certificate, off the cooperative pool; nil when none is configured.
    ///
    /// - Throws: `TLSError`.
    func tlsIdentity() async throws -> TLSIdentity? {
        guard let tls = self.server.tls else { return nil }
        return try await NIOThreadPool.singleton.runIfActive {
            try TLSIdentity(certificate: tls.certificate, key: tls.key)
        }
    }

    /// TCP connections of a client: one that polls has a second for what it sends.
    static let connectionsPerClient = 2

    /// How many connections there may be.
    private func connectionLimits(each: Int) -> ConnectionLimits {
        let total = self.socketio.maxConnections * each
        let perAddress = self.socketio.maxConnectionsPerAddress.map { $0 * each }
        return ConnectionLimits(total: total, perAddress: min(perAddress ?? total, total))
    }

    private func webHosts(isLocal: Bool) -> Web.AllowedHosts {
        switch self.server.allowedHosts {
        case .any: .any
        case .listed(let names): .list(names)
        case .automatic: isLocal ? .loopback : .any
        }
    }

    private var webOrigins: Web.AllowedOrigins {
        switch self.server.allowedOrigins {
        case .any: .all
        case .listed(let origins): origins.isEmpty ? .none : .list(origins)
        }
    }

    /// The page loads nothing from elsewhere and runs no inline code; a file name that is markup stays text.
    private static let pageHeaders: [(name: String, value: String)] = [
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                + "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ]

    /// Opens the database, off the cooperative pool; nil stands for whichever model it was made with.
    func openStore(
        for model: EmbeddingModel?,
        access: SQLiteStore.Access,
        logger: Logger
    ) async throws -> SQLiteStore {
        let path = self.store.path
        return try await NIOThreadPool.singleton.runIfActive {
            try SQLiteStore(path: path, model: model, access: access, logger: logger)
        }
    }

    /// - Parameters:
    ///   - pipeline: Which.
    ///   - mustBeReadable: Whether a folder that cannot be read now is an error; otherwise the source says so itself.
    ///   - isBeside: Whether another process, such as the daemon, may use a source of the same pipeline at the same time.
    ///   - logger: For what a person must act upon.
    /// - Returns: The source, which has not looked at anything else yet.
    /// - Throws: `FolderProblem` for such a folder; `GlobError` for a pattern that is none; for Google Drive, what is
    ///   wrong with its credentials.
    func source(
        _ pipeline: Config.Pipeline,
        mustBeReadable: Bool,
        isBeside: Bool = false,
        logger: Logger
    ) throws -> any Source {
        if let drive = pipeline.drive {
            let downloads = isBeside ? "reading" : "downloads"
            return try self.googleDriveSource(pipeline, drive, downloads: downloads, logger: logger)
        }
        let folder = pipeline.path ?? ""
        if mustBeReadable { try LocalFilesSource.checkFolder(folder) }
        return try self.localFilesSource(pipeline, folder: folder, logger: logger)
    }

    private func localFilesSource(_ pipeline: Config.Pipeline, folder: String, logger: Logger) throws -> any Source {
        LocalFilesSource(
            pipeline: Ingest.Pipeline(
                id: PipelineID(pipeline.id),
                type: .localFiles,
                checkInterval: pipeline.checkInterval,
                watchLocation: folder
            ),
            filter: try FileFilter(
                include: pipeline.include,
                exclude: pipeline.exclude,
                includesHidden: pipeline.includesHidden
            ),
            maxFileSize: pipeline.maxFileSize,
            settle: pipeline.settle,
            followsLinks: pipeline.followsLinks,
            deletions: DeletionGuard.Limits(
                share: pipeline.deletion.holdAbove,
                files: pipeline.deletion.holdAboveFiles
            ),
            logger: logger
        )
    }
}

extension Config.Log.Level {
    /// The same level for swift-log.
    package var loggerLevel: Logger.Level { Logger.Level(rawValue: self.rawValue) ?? .info }
}
