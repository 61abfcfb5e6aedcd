package import Ingest
package import Logging
import Synchronization

/// Embeds by a service that speaks the embeddings API of OpenAI: OpenAI itself, Ollama, llama.cpp, vLLM, TEI.
///
/// Texts of callers that wait at the same time share requests. A service that does not answer is asked again by
/// everybody together at growing intervals; a caller gives up after `EmbeddingService.patience`, with an error that is no
/// document's fault. Texts longer than `tokenLimit` lose their end. What the model wants before passages and questions is
/// put there.
package final class OpenAIEmbedder: Embedder {
    package let batchLimit = 2_048
    package var model: EmbeddingModel { self.service.model }
    package var tokenLimit: Int {
        self.service.tokenLimit - TokenEstimate.count(self.service.model.passagePrefix[...])
    }
    package var batchHint: Int { min(self.batchLimit, self.service.batchInputs * self.service.concurrency) }

    /// Callers that wait for a request to be free.
    package var waitingCount: Int { self.line.withLock { $0.queue.waitingCount } }

    private let service: EmbeddingService
    private let connection: ServiceConnection
    private let line: Mutex<Line>

    /// - Parameters:
    ///   - service: Who is asked, and how much.
    ///   - key: What lets the daemon in there.
    ///   - logger: Told when the service fails and when it is back.
    package init(service: EmbeddingService, key: ServiceKey, logger: Logger) {
        self.service = service
        self.connection = ServiceConnection(service: service, key: key, logger: logger)
        self.line = Mutex(
            Line(
                queue: EmbeddingQueue(
                    inputs: service.batchInputs, tokens: service.batchTokens, concurrency: service.concurrency)
            )
        )
    }

    package func tokenCount(_ text: Substring) -> Int { TokenEstimate.count(text) }

    package func embedQuestion(_ text: String) async throws -> [Float] {
        let prefix = self.service.questionPrefix
        let room = self.service.tokenLimit - TokenEstimate.count(prefix[...]) - 2
        let question = prefix + TokenEstimate.prefix(text, tokens: room)
        guard let vector = try await self.connection.vector(ofQuestion: question) else {
            throw EmbeddingServiceError.unusable(address: self.service.address, reason: "it is empty")
        }
        return vector
    }

    package func embed(_ texts: [String]) async throws -> [[Float]] {
        try Task.checkCancellation()
        let jobs = self.jobs(of: texts)
        if jobs.count == 1 { return try await self.run(jobs[0]) }
        return try await withThrowingTaskGroup(of: (index: Int, vectors: [[Float]]).self) { group in
            for (index, job) in jobs.enumerated() { group.addTask { (index, try await self.run(job)) } }
            var parts = [[[Float]]](repeating: [], count: jobs.count)
            for try await part in group { parts[part.index] = part.vectors }
            return parts.flatMap { $0 }
        }
    }

    /// The texts as jobs that each fit in a request, in order.
    private func jobs(of texts: [String]) -> [EmbeddingQueue.Job] {
        var jobs: [EmbeddingQueue.Job] = []
        var batch: [String] = []
        var tokens = 0
        let (prefix, room) = (self.service.model.passagePrefix, self.tokenLimit - 2)
        let close = {
            guard !batch.isEmpty else { return }
            jobs.append(EmbeddingQueue.Job(id: self.line.withLock { $0.newID() }, texts: batch, tokens: tokens))
            batch = []
            tokens = 0
        }
        for text in texts {
            let text = prefix + TokenEstimate.prefix(text, tokens: room)
            let count = TokenEstimate.count(text[...]) + 2
            if batch.count == self.service.batchInputs || tokens + count > self.service.batchTokens { close() }
            batch.append(text)
            tokens += count
        }
        close()
        return jobs
    }

    /// Waits for a place among the requests, or for another caller to bring the vectors along.
    private func run(_ job: EmbeddingQueue.Job) async throws -> [[Float]] {
        switch try await self.turn(of: job) {
        case .vectors(let vectors): return vectors
        case .lead(let batch): return try await self.lead(batch)
        }
    }

    private func turn(of job: EmbeddingQueue.Job) async throws -> Turn {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = self.line.withLock { line in
                    if Task.isCancelled { return true }
                    line.waiters[job.id] = continuation
                    line.queue.offer(job)
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) } else { self.dispatch() }
            }
        } onCancel: {
            let waiter = self.line.withLock { line in
                line.queue.cancel(job.id)
                return line.waiters.removeValue(forKey: job.id)
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    /// Gives every free place to the caller whose job is first in the line.
    private func dispatch() {
        while let (leader, batch) = self.line.withLock({ $0.next() }) { leader.resume(returning: .lead(batch)) }
    }

    /// Sends a request with texts of this caller and of others.
    ///
    /// - Parameter batch: The first is this caller's.
    /// - Returns: The vectors of this caller's.
    /// - Throws: `EmbeddingServiceError`, `CancellationError`.
    private func lead(_ batch: [EmbeddingQueue.Job]) async throws -> [[Float]] {
        defer {
            self.line.withLock { $0.queue.finish() }
            self.dispatch()
        }
        let others = batch.dropFirst()
        do {
            var rest = try await self.connection.vectors(of: batch.flatMap(\.texts))[...]
            let own = Array(rest.prefix(batch[0].texts.count))
            rest = rest.dropFirst(own.count)
            for job in others {
                self.finish(job, .success(.vectors(Array(rest.prefix(job.texts.count)))))
                rest = rest.dropFirst(job.texts.count)
            }
            return own
        } catch let error as EmbeddingServiceError where error.concernsDocument {
            // One text of the request is to blame: each caller finds out by itself whether it is one of its own.
            self.line.withLock { $0.putBack(others, isAlone: true) }
            return try await self.halve(batch[0].texts, error)
        } catch let error as EmbeddingServiceError {
            for job in others { self.finish(job, .failure(error)) }
            throw error
        } catch {
            // This caller is cancelled, the others are not.
            self.line.withLock { $0.putBack(others, isAlone: false) }
            throw error
        }
    }

    private func finish(_ job: EmbeddingQueue.Job, _ result: Result<Turn, any Error>) {
        // Who is cancelled meanwhile is not there any more.
        self.line.withLock { $0.waiters.removeValue(forKey: job.id) }?.resume(with: result)
    }

    /// Embeds texts that were refused together in smaller requests, since some services take fewer at once.
    private func halve(_ texts: [String], _ error: EmbeddingServiceError) async throws -> [[Float]] {
        guard texts.count > 1 else { throw error }
        var vectors: [[Float]] = []
        for part in [texts[..<(texts.count / 2)], texts[(texts.count / 2)...]] {
            do {
                vectors += try await self.connection.vectors(of: Array(part))
            } catch let error as EmbeddingServiceError where error.concernsDocument {
                vectors += try await self.halve(Array(part), error)
            }
        }
        return vectors
    }
}

extension OpenAIEmbedder {
    /// What a caller is woken up for.
    private enum Turn: Sendable {
        /// To send a request with these jobs, the first of which is its own.
        case lead([EmbeddingQueue.Job])
        case vectors([[Float]])
    }

    /// Who waits.
    private struct Line {
        var queue: EmbeddingQueue
        var waiters: [Int: CheckedContinuation<Turn, any Error>] = [:]
        private var lastID = 0

        init(queue: EmbeddingQueue) { self.queue = queue }

        mutating func newID() -> Int {
            self.lastID += 1
            return self.lastID
        }

        /// The next request and the caller that sends it.
        mutating func next() -> (leader: CheckedContinuation<Turn, any Error>, batch: [EmbeddingQueue.Job])? {
            guard let batch = self.queue.next() else { return nil }
            guard let leader = self.waiters.removeValue(forKey: batch[0].id) else {
                preconditionFailure("a job in the line has somebody who waits for it")
            }
            return (leader, batch)
        }

        /// Lines up again those that still want their vectors.
        mutating func putBack(_ jobs: some Sequence<EmbeddingQueue.Job>, isAlone: Bool) {
            self.queue.putBack(jobs.filter { self.waiters[$0.id] != nil }, isAlone: isAlone)
        }
    }
}
