import NIOCore

/// How long a connection may go on without what it waits for: a request that becomes whole, or an answer that is taken.
///
/// An answer may take as long as it likes as long as some of it is taken now and then; a request has to be whole at its
/// time, however slowly it drips in.
struct Patience {
    private let requestTimeout: TimeAmount
    private let idleTimeout: TimeAmount
    private var deadline: NIODeadline
    /// Whether the client waits for an answer, and not the other way round.
    private var owesAnswer = false
    /// Bytes of answers that were written, and how many of them the client was known to have taken.
    private var written = 0
    private var taken = 0

    /// Begins to wait for a first request.
    init(requestTimeout: TimeAmount, idleTimeout: TimeAmount, now: NIODeadline = .now()) {
        self.requestTimeout = requestTimeout
        self.idleTimeout = idleTimeout
        self.deadline = now + requestTimeout
    }

    /// A request has begun: all of it has to be here soon.
    mutating func requestBegan(now: NIODeadline = .now()) {
        self.owesAnswer = false
        self.deadline = now + self.requestTimeout
    }

    /// A request is whole: the answer may take its time.
    mutating func requestIsWhole() { self.owesAnswer = true }

    /// The answer has been written: the next request may take its time to come.
    mutating func answered(now: NIODeadline = .now()) {
        self.owesAnswer = false
        self.deadline = now + self.idleTimeout
    }

    /// Part of an answer was written.
    mutating func wrote(bytes: Int) { self.written += bytes }

    /// Whether the client has had its time.
    ///
    /// - Parameters:
    ///   - unsent: Bytes that wait because the client has not taken what was sent before.
    ///   - now: The time.
    /// - Returns: True if the connection has to end.
    mutating func isOver(unsent: Int, now: NIODeadline = .now()) -> Bool {
        let taken = self.written - unsent
        let isTaking = unsent > 0 && taken > self.taken
        if isTaking || (self.owesAnswer && unsent == 0) { self.deadline = now + self.idleTimeout }
        self.taken = max(taken, self.taken)
        return now >= self.deadline
    }

    /// When to ask next: often enough to see that an answer is taken.
    func nextCheck(now: NIODeadline = .now()) -> NIODeadline {
        max(min(self.deadline, now + min(self.requestTimeout, self.idleTimeout)), now + .milliseconds(1))
    }
}
