import Config
import FoundationEssentials
import Ingest
import Logging
import Processing

/// The ingest column, wired: sources, queue, workers, store and status.
struct IngestParts: Sendable {
    let sources: [any Source]
    let store: any Store
    let embedder: any Embedder
    let board: StatusBoard
    let retries: RetryScheduler
    let service: IngestService
    let startedAt: Date
    let dispatcher: JobDispatcher
    private let removals: ConfirmedRemovals
    private let processor: DocumentProcessor
    private let cursors: CursorBook
    private let threads: WorkerThreads

    init(config: Config, sources: [any Source], store: any Store, embedder: any Embedder, logger: Logger) {
        let startedAt = Date()
        let board = StatusBoard(pipelines: sources.map(\.pipeline), startedAt: startedAt)
        let workers = config.workers
        let dispatcher = JobDispatcher(capacity: Daemon.queueCapacity, maxLargeInHand: max(1, workers - 1))
        let cursors = CursorBook()
        let removals = ConfirmedRemovals()
        let retries = RetryScheduler(policy: config.retryPolicy, dispatcher: dispatcher)
        let processor = DocumentProcessor(
            sources: sources,
            store: store,
            extractor: FileExtractor(
                temporaryDirectory: config.store.directory,
                limits: config.extractionLimits,
                recognition: config.recognition
            ),
            chunker: config.chunker(for: embedder),
            embedder: embedder,
            board: board,
            retries: retries,
            cursors: cursors,
            removals: removals,
            logger: logger
        )
        let threads = WorkerThreads(count: workers)
        self.sources = sources
        self.store = store
        self.embedder = embedder
        self.board = board
        self.retries = retries
        self.cursors = cursors
        self.removals = removals
        self.dispatcher = dispatcher
        self.startedAt = startedAt
        self.processor = processor
        self.threads = threads
        self.service = IngestService(
            dispatcher: dispatcher,
            processor: processor,
            workers: workers,
            executor: threads
        )
    }

    /// What a person can do about documents on hold.
    var deletions: DeletionReview {
        DeletionReview(sources: self.sources, store: self.store, removals: self.removals, board: self.board)
    }

    /// Carries out what was confirmed.
    var removal: RemovalService {
        RemovalService(
            pipelines: self.sources.map(\.pipeline.id), removals: self.removals, dispatcher: self.dispatcher,
            board: self.board
        )
    }

    func watcher(of source: any Source, started: AsyncStream<Never>, logger: Logger) -> SourceService {
        SourceService(
            source: source,
            store: self.store,
            dispatcher: self.dispatcher,
            processor: self.processor,
            retries: self.retries,
            board: self.board,
            cursors: self.cursors,
            removals: self.removals,
            started: started,
            logger: logger
        )
    }

    /// How long a worker may compute without a pause: far more than the largest document takes on a slow machine.
    private static let workerPatience = Duration.seconds(600)

    /// What has to answer for documents to get through.
    var probes: [HealthProbe] {
        [
            HealthProbe("workers", patience: Self.workerPatience) {
                await withTaskExecutorPreference(self.threads) {}
            },
            HealthProbe("queue") {
                for source in self.sources { _ = self.dispatcher.waitingCount(in: source.pipeline.id) }
            },
            HealthProbe("status") { _ = await self.board.snapshot() },
            // An error is an answer; /health says what it means.
            HealthProbe("store") {
                for source in self.sources { _ = try? await self.store.totals(of: source.pipeline.id) }
            },
        ]
    }
}
