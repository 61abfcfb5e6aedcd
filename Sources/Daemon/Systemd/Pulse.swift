/// When each part of the daemon last gave a sign of life.
package struct Pulse: Sendable {
    package typealias Instant = ContinuousClock.Instant

    private let parts: [(name: String, patience: Duration)]
    private var answers: [Instant]

    /// - Parameters:
    ///   - parts: Their names, and how long each may be silent.
    ///   - now: Counts as an answer of all.
    package init(_ parts: [(name: String, patience: Duration)], now: Instant) {
        self.parts = parts
        self.answers = parts.map { _ in now }
    }

    /// A part answered; the parts count from 0.
    package mutating func answered(_ part: Int, now: Instant) { self.answers[part] = now }

    /// The names of those that have been silent for longer than they may.
    package func silent(now: Instant) -> [String] {
        zip(self.parts, self.answers).filter { part, answer in now - answer > part.patience }.map(\.0.name)
    }
}
