package import NIOCore

/// How long a connection may go on without what it waits for: a request that becomes whole, or an answer that is taken.
///
/// An answer may take as long as it likes as long as enough of it is taken each time; a request has to be whole at its
/// time, however slowly it drips in, and whatever is still to be taken of the answer before.
package struct Patience {
    /// What connections wait for.
    private enum Awaited {
        /// That the rest of a request comes, or a first one.
        case request
        /// The server's own answer.
        case answer
        /// Another request, whenever it comes.
        case nothing
    }

    /// Bytes that a client has to take in each span of the idle timeout; less is no progress.
    private static let leastTaken = 16_384

    private let requestTimeout: TimeAmount
    private let idleTimeout: TimeAmount
    private var deadline: NIODeadline
    private var awaited = Awaited.request
    /// Bytes of answers that were written, and how many of them had been taken when the deadline was last set.
    private var written = 0
    private var taken = 0

    /// Begins to wait for a first request.
    package init(requestTimeout: TimeAmount, idleTimeout: TimeAmount, now: NIODeadline = .now()) {
        self.requestTimeout = requestTimeout
        self.idleTimeout = idleTimeout
        self.deadline = now + requestTimeout
    }

    /// A request has begun: all of it has to be here soon.
    package mutating func requestBegan(now: NIODeadline = .now()) {
        self.awaited = .request
        self.deadline = now + self.requestTimeout
    }

    /// A request is whole: the answer may take its time.
    package mutating func requestIsWhole(now: NIODeadline = .now()) {
        self.awaited = .answer
        self.deadline = now + self.idleTimeout
    }

    /// The answer has been written: the next request may take its time to come.
    package mutating func answered(now: NIODeadline = .now()) {
        self.awaited = .nothing
        self.deadline = now + self.idleTimeout
    }

    /// Part of an answer was written.
    package mutating func wrote(bytes: Int) { self.written += bytes }

    /// Whether the client has had its time.
    ///
    /// - Parameters:
    ///   - unsent: Bytes that wait because the client has not taken what was sent before.
    ///   - now: The time.
    /// - Returns: True if the connection has to end.
    package mutating func isOver(unsent: Int, now: NIODeadline = .now()) -> Bool {
        let taken = self.written - unsent
        let isTaking = unsent > 0 && taken - self.taken >= Self.leastTaken
        let isAwaited = self.awaited == .answer && unsent == 0
        if isAwaited || isTaking {
            self.taken = taken
            if self.awaited != .request { self.deadline = now + self.idleTimeout }
        }
        return now >= self.deadline
    }

    /// When to ask next: often enough to see that an answer is taken.
    package func nextCheck(now: NIODeadline = .now()) -> NIODeadline {
        max(min(self.deadline, now + min(self.requestTimeout, self.idleTimeout)), now + .milliseconds(1))
    }
}
