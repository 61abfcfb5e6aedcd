import Logging
import Synchronization

/// `ServicePacer` with the waiting, for all requests to one service; says once that it failed and once that it is back.
final class SharedServicePacer: Sendable {
    private let pacer: Mutex<ServicePacer>
    private let logger: Logger

    init(firstDelay: Duration, logger: Logger) {
        self.pacer = Mutex(ServicePacer(firstDelay: firstDelay))
        self.logger = logger
    }

    /// What is wrong while nothing may be sent.
    var problem: EmbeddingServiceError? {
        self.pacer.withLock { $0.block(now: .now) == nil ? nil : $0.problem }
    }

    /// Waits until a request may be sent.
    ///
    /// - Parameter end: How long to wait at most.
    /// - Throws: `EmbeddingServiceError` when it may not be sent by then, `CancellationError`.
    func turn(until end: ContinuousClock.Instant) async throws {
        while let next = self.pacer.withLock({ $0.block(now: .now) }) {
            try await Task.sleep(until: min(next, end), clock: .continuous)
            if next > end, let problem = self.problem { throw problem }
        }
        try Task.checkCancellation()
    }

    func answered() {
        let hadProblem = self.pacer.withLock { pacer in
            defer { pacer.answered() }
            return pacer.problem != nil
        }
        if hadProblem { self.logger.notice("The embedding service answers again.") }
    }

    func failed(_ problem: EmbeddingServiceError, retryAfter: Duration?) {
        let jitter = Double.random(in: 0...1)
        let isNew = self.pacer.withLock { pacer in
            let before = pacer.problem?.typeName
            pacer.failed(problem, retryAfter: retryAfter, jitter: jitter, now: .now)
            return before != problem.typeName
        }
        let metadata: Logger.Metadata = ["error": "\(problem)"]
        if isNew, problem.needsPerson {
            self.logger.error("The embedding service cannot be used.", metadata: metadata)
        } else if isNew {
            self.logger.warning("The embedding service does not do its work; it is asked again.", metadata: metadata)
        } else {
            self.logger.debug("The embedding service failed again.", metadata: metadata)
        }
    }
}
