import DequeModule
import Synchronization

/// `JobQueue` with the waiting: workers suspend for a job, sources for a place in the queue.
package final class JobDispatcher: Sendable {
    private typealias Worker = CheckedContinuation<Change?, Never>
    private typealias Producer = CheckedContinuation<Void, any Error>

    private struct State {
        var queue: JobQueue
        var idle: Deque<Worker> = []
        /// Producers that found the queue full, oldest first; a cancelled one leaves its number behind in `order`.
        var producers: [UInt64: (change: Change, isRetry: Bool, continuation: Producer)] = [:]
        var order: Deque<UInt64> = []
        var nextProducer: UInt64 = 0
        /// Who waits for there to be nothing to do.
        var drains: [CheckedContinuation<Void, Never>] = []

        mutating func resumable() -> Resumable {
            var result = Resumable()
            self.admitProducers(into: &result)
            while !self.idle.isEmpty {
                let job = self.queue.take()
                guard job != nil || self.queue.isClosed else { break }
                result.workers.append((self.idle.removeFirst(), job))
                self.admitProducers(into: &result)
            }
            if self.queue.isClosed || self.queue.isIdle && self.producers.isEmpty {
                result.drains = self.drains
                self.drains = []
            }
            return result
        }

        private mutating func admitProducers(into result: inout Resumable) {
            guard !self.order.isEmpty else { return }
            // A pipeline that has no room holds up its own producers only; there are a few of them in all.
            var full: Set<PipelineID> = []
            self.order.removeAll { number in
                guard let producer = self.producers[number] else { return true }
                let pipeline = producer.change.document.pipeline
                if !self.queue.isClosed {
                    guard !full.contains(pipeline), self.queue.offer(producer.change, isRetry: producer.isRetry) else {
                        full.insert(pipeline)
                        return false
                    }
                }
                self.producers[number] = nil
                result.producers.append((producer.continuation, admitted: !self.queue.isClosed))
                return true
            }
        }
    }

    /// What a change of state lets go on; resumed outside the lock.
    private struct Resumable {
        var workers: [(Worker, Change?)] = []
        var producers: [(Producer, admitted: Bool)] = []
        var drains: [CheckedContinuation<Void, Never>] = []

        func resume() {
            for (worker, job) in self.workers { worker.resume(returning: job) }
            for (producer, admitted) in self.producers {
                producer.resume(with: admitted ? .success(()) : .failure(CancellationError()))
            }
            for drain in self.drains { drain.resume() }
        }
    }

    private let state: Mutex<State>

    /// - Parameters:
    ///   - capacity: The most changes that wait.
    ///   - maxLargeInHand: The most large documents that workers have at once, 1 or more.
    package init(capacity: Int, maxLargeInHand: Int = .max) {
        self.state = Mutex(State(queue: JobQueue(capacity: capacity, maxLargeInHand: maxLargeInHand)))
    }

    /// Queues a change; suspends while the queue is full.
    ///
    /// - Parameters:
    ///   - change: What is to be done.
    ///   - isRetry: Whether it is an old one, tried again: it gives way to a newer one that waits.
    ///   - isWanted: Asked when the change takes its place behind those of other callers, under the lock; if not,
    ///     nothing is queued.
    /// - Throws: `CancellationError` when the queue is closed or the caller cancelled before there was a place.
    package func offer(
        _ change: Change, isRetry: Bool = false, isWanted: @Sendable () -> Bool = { true }
    ) async throws {
        let number = self.state.withLock { state in
            state.nextProducer += 1
            return state.nextProducer
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: Producer) in
                let isCancelled = Task.isCancelled
                self.change { state -> Producer? in
                    guard !isCancelled, isWanted() else { return continuation }
                    state.producers[number] = (change, isRetry, continuation)
                    state.order.append(number)
                    return nil
                }?.resume(with: isCancelled ? .failure(CancellationError()) : .success(()))
            }
        } onCancel: {
            let producer = self.change { $0.producers.removeValue(forKey: number)?.continuation }
            producer?.resume(throwing: CancellationError())
        }
    }

    /// The next job, or nil once the queue is closed; `finish` must follow each job.
    package func next() async -> Change? {
        await withCheckedContinuation { continuation in self.change { $0.idle.append(continuation) } }
    }

    /// The worker is done with a document, whatever came of it.
    package func finish(_ id: DocumentID) { self.change { $0.queue.finish(id) } }

    /// Waits until nothing waits and nothing is in hand, or the queue is closed.
    package func drain() async {
        await withCheckedContinuation { continuation in self.change { $0.drains.append(continuation) } }
    }

    /// Ends the waiting of everyone: workers get nil, sources a `CancellationError`.
    package func close() { self.change { $0.queue.close() } }

    /// Hands out no more jobs of a pipeline; what is in hand goes on.
    package func pause(_ pipeline: PipelineID) { self.change { $0.queue.pause(pipeline) } }

    /// Ends a pause.
    package func resume(_ pipeline: PipelineID) { self.change { $0.queue.resume(pipeline) } }

    package func isPaused(_ pipeline: PipelineID) -> Bool { self.state.withLock { $0.queue.isPaused(pipeline) } }

    /// How many changes of a pipeline wait for a worker.
    package func waitingCount(in pipeline: PipelineID) -> Int {
        self.state.withLock { $0.queue.waitingCount(in: pipeline) }
    }

    private func change<Result>(_ body: (inout State) -> sending Result) -> sending Result {
        let (result, resumable) = self.state.withLock { state in
            let result = body(&state)
            return (result, state.resumable())
        }
        resumable.resume()
        return result
    }
}
