package import Config
import FoundationEssentials
import Glibc
import Ingest
package import Logging
import Storage

/// One pass over all pipelines without a server: `corpusd scan --once`.
///
/// Does what the daemon does between its start and the end of its first check, with the same parts, and then ends.
package struct ScanOnce: Sendable {
    /// Often enough for a line that people watch.
    private static let tellInterval = Duration.milliseconds(200)

    private let config: Config
    private let pipeline: String?
    private let logger: Logger

    /// - Parameters:
    ///   - config: What the file says.
    ///   - pipeline: The only one to go over; nil for all.
    ///   - logger: For everything that is told to people.
    package init(config: Config, pipeline: String?, logger: Logger) {
        self.config = config
        self.pipeline = pipeline
        self.logger = logger
    }

    /// Goes over everything, and returns when all of it has been dealt with.
    ///
    /// - Parameter report: Told now and then how far it has got.
    /// - Returns: What came of it.
    /// - Throws: Why it could not begin: among others `StoreError.inUse` while a daemon runs.
    package func run(_ report: @escaping @Sendable (PassProgress) -> Void = { _ in }) async throws -> ScanReport {
        // A child that goes away must not end this process.
        signal(SIGPIPE, SIG_IGN)
        let started = ContinuousClock.now
        let sources = try self.config.pipelines.filter { self.pipeline == nil || $0.id == self.pipeline }
            .map { try self.config.source($0, mustBeReadable: false, logger: self.logger) }
        let embedder = try await self.config.openEmbedder(threads: self.config.workers, logger: self.logger)
        let store = try await self.config.openStore(for: embedder.model, access: .readWrite, logger: self.logger)
        let ingest = IngestParts(
            config: self.config,
            sources: sources,
            store: store,
            embedder: embedder,
            logger: self.logger
        )
        do {
            let refused = try await self.telling(report, of: ingest) { try await self.pass(ingest) }
            let report = try await self.report(on: ingest, store, refused: refused, since: started)
            try await store.close()
            return report
        } catch {
            try? await store.close()
            throw error
        }
    }

    /// Tells how far it has got while a body runs.
    private func telling<Result: Sendable>(
        _ report: @escaping @Sendable (PassProgress) -> Void,
        of ingest: IngestParts,
        _ body: () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while true {
                    report(.processing(PassProgress.Counts(await ingest.board.snapshot())))
                    try await Task.sleep(for: Self.tellInterval)
                }
            }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    /// Queues what every source finds while workers deal with it.
    ///
    /// - Returns: The pipelines whose credentials are refused.
    private func pass(_ ingest: IngestParts) async throws -> Set<PipelineID> {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await ingest.service.run() }
            let refused = await withTaskGroup(of: PipelineID?.self) { passes in
                for source in ingest.sources {
                    passes.addTask { await self.pass(source, ingest) }
                }
                var refused: Set<PipelineID> = []
                for await pipeline in passes { if let pipeline { refused.insert(pipeline) } }
                return refused
            }
            await ingest.dispatcher.drain()
            ingest.dispatcher.close()
            try await group.waitForAll()
            return refused
        }
    }

    /// - Returns: The pipeline if its credentials are refused.
    private func pass(_ source: any Source, _ ingest: IngestParts) async -> PipelineID? {
        let (started, start) = AsyncStream.makeStream(of: Never.self)
        start.finish()
        do {
            try await ingest.watcher(of: source, started: started, logger: self.logger).pass()
            return nil
        } catch {
            self.logger.error(
                "A pipeline could not be gone over.",
                metadata: ["pipeline": "\(source.pipeline.id)", "error": "\(error)"]
            )
            let isRefused = PassExit.code(of: error) == PassExit.credentials.rawValue
            return isRefused ? source.pipeline.id : nil
        }
    }

    private func report(
        on ingest: IngestParts,
        _ store: SQLiteStore,
        refused: Set<PipelineID>,
        since started: ContinuousClock.Instant
    ) async throws -> ScanReport {
        var pipelines: [ScanReport.PipelineResult] = []
        for status in await ingest.board.snapshot() {
            let id = status.pipeline.id
            pipelines.append(
                ScanReport.PipelineResult(
                    status: status,
                    totals: try await store.totals(of: id),
                    failures: try await store.failures(in: id),
                    isRefused: refused.contains(id)
                )
            )
        }
        return ScanReport(pipelines: pipelines, duration: ContinuousClock.now - started)
    }
}
