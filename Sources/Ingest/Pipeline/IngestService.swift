import Logging
import ServiceLifecycle

/// Runs queued jobs on a fixed number of workers until the daemon stops.
///
/// Graceful shutdown: no new job starts, those in hand finish. What is not finished after `grace` is cancelled. A job
/// left in the queue or cancelled is not lost: its document keeps its old fingerprint in the ledger, so the first
/// check after a restart queues it again.
package struct IngestService: Service, CustomStringConvertible {
    /// How long jobs in hand may take to finish when the daemon stops.
    package static let grace = Duration.seconds(20)

    private let dispatcher: JobDispatcher
    private let processor: DocumentProcessor
    private let workers: Int
    private let executor: any TaskExecutor
    private let grace: Duration

    /// - Parameters:
    ///   - dispatcher: Where the jobs come from; closed by this service when the daemon stops.
    ///   - processor: What is done with each job.
    ///   - workers: How many documents are in hand at once, 1 or more.
    ///   - executor: Where workers run, so that chunking a large text holds up nobody else.
    ///   - grace: How long jobs in hand may take to finish when the daemon stops.
    package init(
        dispatcher: JobDispatcher,
        processor: DocumentProcessor,
        workers: Int,
        executor: any TaskExecutor,
        grace: Duration = Self.grace
    ) {
        self.dispatcher = dispatcher
        self.processor = processor
        self.workers = workers
        self.executor = executor
        self.grace = grace
    }

    /// ServiceLifecycle prints each service; by default that would be everything reachable from it, the model included.
    package var description: String { "workers" }

    package func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<self.workers {
                    group.addTask(executorPreference: self.executor) { await self.work() }
                }
                group.addTask { await self.expire() }
                await self.waitForWorkers(&group)
            }
        } onCancelOrGracefulShutdown: {
            self.processor.logger.info("Finishing the jobs in hand.")
            self.dispatcher.close()
        }
    }

    /// Ends when all workers have, or cancels them when the grace is over.
    private func waitForWorkers(_ group: inout TaskGroup<Bool>) async {
        var working = self.workers
        for await isWorker in group {
            if isWorker {
                working -= 1
            } else if working > 0 {
                self.processor.logger.notice("Putting back the jobs that did not finish in time.")
            }
            if !isWorker || working == 0 { group.cancelAll() }
        }
    }

    /// Works until the queue closes.
    ///
    /// - Returns: True, to tell a worker's end from that of the grace.
    private func work() async -> Bool {
        while let change = await self.dispatcher.next() {
            let id = change.document
            await self.reportQueue(of: id.pipeline)
            await self.processor.process(change)
            self.dispatcher.finish(id)
        }
        return true
    }

    private func reportQueue(of pipeline: PipelineID) async {
        let waiting = self.dispatcher.waitingCount(in: pipeline)
        await self.processor.board.record(
            IngestEvent(.queueChanged(waiting: waiting), in: pipeline, at: self.processor.now())
        )
    }

    /// Returns false when the grace that begins with the graceful shutdown is over.
    private func expire() async -> Bool {
        try? await gracefulShutdown()
        try? await Task.sleep(for: self.grace)
        return false
    }
}
