import Connectors
import Daemon
import Foundation
import Ingest
import Logging
import NIOPosix
import Processing
import Storage

// Takes a folder in as `corpusd scan --once` does, with the same parts, and prints what it cost as one line of JSON.
// Usage: ingest-bench <folder> <database> <model> embed|constant <workers>

@main
enum IngestBench {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == ExtractionChild.subcommand {
            exit(ExtractionChild.run(arguments: arguments.dropFirst()))
        }
        guard arguments.count == 5, let workers = Int(arguments[4]) else {
            fatalError("usage: ingest-bench <folder> <database> <model> embed|constant <workers>")
        }
        signal(SIGPIPE, SIG_IGN)
        let start = ContinuousClock.now
        let status = try await Self.ingest(arguments, workers: workers)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let (own, children) = (Self.usage(RUSAGE_SELF), Self.usage(RUSAGE_CHILDREN))
        let result: [String: Double] = [
            "files": Double(status.totalProcessed),
            "failed": Double(status.totalFailed),
            "bytes": Double(status.work.bytes),
            "chunks": Double(status.work.chunksCreated),
            "wall": seconds,
            "cpu": own.cpu + children.cpu,
            "cpu_children": children.cpu,
            // The children come and go, a few at a time: the largest of them for each worker is an upper bound.
            "peak_bytes": own.peak + children.peak * Double(workers),
            "peak_bytes_self": own.peak,
        ]
        let data = try JSONSerialization.data(withJSONObject: result, options: [.sortedKeys])
        print(String(decoding: data, as: UTF8.self))
    }

    private static func ingest(_ arguments: [String], workers: Int) async throws -> PipelineStatus {
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        let pool = NIOThreadPool(numberOfThreads: workers)
        pool.start()
        let builtin = try MiniLMEmbedder(directory: arguments[2], threadPool: pool)
        let embedder: any Embedder = arguments[3] == "embed" ? builtin : ConstantEmbedder(counter: builtin)
        let store = try SQLiteStore(path: arguments[1], model: embedder.model, logger: logger)
        let source = LocalFilesSource(
            pipeline: Pipeline(
                id: PipelineID("bench"), type: .localFiles, checkInterval: .seconds(3_600), watchLocation: arguments[0]
            ),
            filter: try FileFilter(),
            maxFileSize: 100_000_000,
            logger: logger
        )
        let board = StatusBoard(pipelines: [source.pipeline], startedAt: Date())
        let dispatcher = JobDispatcher(capacity: 16_384, maxLargeInHand: max(1, workers - 1))
        let retries = RetryScheduler(policy: RetryPolicy(), dispatcher: dispatcher)
        let cursors = CursorBook()
        let processor = DocumentProcessor(
            sources: [source], store: store, extractor: FileExtractor(),
            chunker: Chunker(limits: .init(size: 200, overlap: 30), countTokens: { embedder.tokenCount($0) }),
            embedder: embedder, board: board, retries: retries, cursors: cursors, logger: logger
        )
        let service = IngestService(
            dispatcher: dispatcher, processor: processor, workers: workers, executor: WorkerThreads(count: workers)
        )
        let (started, ready) = AsyncStream.makeStream(of: Never.self)
        ready.finish()
        let watcher = SourceService(
            source: source, store: store, dispatcher: dispatcher, processor: processor, retries: retries, board: board,
            cursors: cursors, started: started, logger: logger
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            try await watcher.pass()
            await dispatcher.drain()
            dispatcher.close()
            try await group.waitForAll()
        }
        let status = await board.snapshot()[0]
        try await store.close()
        return status
    }

    /// Seconds of processor time, and the most memory that one process had, in bytes.
    private static func usage(_ who: __rusage_who) -> (cpu: Double, peak: Double) {
        var usage = rusage()
        getrusage(Int32(who.rawValue), &usage)
        let seconds = Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        let microseconds = Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
        return (seconds + microseconds / 1e6, Double(usage.ru_maxrss) * 1_024)
    }
}
