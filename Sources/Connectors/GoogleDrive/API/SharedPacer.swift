import Synchronization

/// `RequestPacer` with the waiting, shared by all requests of a pipeline.
final class SharedPacer: Sendable {
    /// After so many refusals in a row Google is taken for being down: only the watch asks on.
    static let outage = 6
    /// The longest wait for a turn that Google's wish for patience may lead to; above that people are told.
    private static let patience = Duration.seconds(120)

    private let pacer: Mutex<RequestPacer>

    init(requestsPerMinute: Int) {
        self.pacer = Mutex(RequestPacer(requestsPerMinute: requestsPerMinute, now: .now))
    }

    /// Whether Google has not answered for a while.
    var isOutage: Bool { self.pacer.withLock { $0.refusals >= Self.outage } }

    /// Waits until a request may be sent.
    ///
    /// - Throws: `CancellationError`; `DriveError.unreachable` if Google asked for a long pause, at once.
    func turn() async throws {
        if let end = self.pacer.withLock({ $0.block(now: .now) }), end - .now > Self.patience {
            throw DriveError.unreachable("it asks for a longer pause")
        }
        var instant: ContinuousClock.Instant? = self.pacer.withLock { $0.reserve(now: .now) }
        while let next = instant {
            if next > .now { try await Task.sleep(until: next, clock: .continuous) }
            instant = self.pacer.withLock { $0.block(now: .now) }
        }
    }

    func succeeded() { self.pacer.withLock { $0.succeeded() } }

    func refused(retryAfter: Duration?) {
        let jitter = Double.random(in: 0...1)
        self.pacer.withLock { $0.refused(retryAfter: retryAfter, jitter: jitter, now: .now) }
    }
}
