/// How long an export is waited for that Drive prepares: look after look, with growing pauses, and not for ever.
///
/// Drive keeps an operation for a day. A worker waits meanwhile, so it gives up long before; the document is tried again.
package struct PreparationWait: Sendable {
    /// The pauses together.
    package static let longest = Duration.seconds(600)
    private static let longestPause = Duration.seconds(30)

    private var waited = Duration.zero
    private var pause = Duration.seconds(1)

    package init() {}

    /// The pause before the next look; nil when it was enough.
    package mutating func next() -> Duration? {
        guard self.waited + self.pause <= Self.longest else { return nil }
        defer { self.pause = min(self.pause * 2, Self.longestPause) }
        self.waited += self.pause
        return self.pause
    }
}

/// What became of an export that Drive was asked to prepare.
package enum Preparation: Equatable, Sendable {
    /// Where it can be fetched.
    case ready(address: String)
    /// Not within `PreparationWait.longest`, or Drive could not just now.
    case unfinished
    /// Not at all; Google's number for why (`google.rpc.Code`), if it says.
    case failed(code: Int?)

    /// Cancelled, unknown, too slow, out of something, aborted, internal, unavailable: it may succeed another time.
    private static let passing: Set<Int> = [1, 2, 4, 8, 10, 13, 14]

    /// What an operation says that is done.
    package init(address: String?, code: Int?) {
        if let code, code != 0 {
            self = Self.passing.contains(code) ? .unfinished : .failed(code: code)
        } else {
            self = address.map { .ready(address: $0) } ?? .failed(code: nil)
        }
    }
}
