/// Decides whether files that are gone may be removed, or whether so many went at once that a person must say so.
///
/// What goes within a minute counts as one: a check finds all at once, `rm -r` and `rsync --delete` take their time.
/// What follows within a minute of something held is held too.
package struct DeletionGuard: Sendable {
    package typealias Instant = ContinuousClock.Instant

    /// More than both must be gone for a removal to be held.
    package struct Limits: Equatable, Sendable {
        /// Part of all known files, 0 to 1; nil never holds anything.
        package var share: Double?
        package var files: Int

        package init(share: Double? = 0.2, files: Int = 10) {
            self.share = share
            self.files = files
        }
    }

    /// What goes within this time counts as one.
    package static let window = Duration.seconds(60)

    private let limits: Limits
    private var removals: [(at: Instant, count: Int)] = []
    private var heldAt: Instant?

    package init(limits: Limits) { self.limits = limits }

    /// Decides, and remembers the decision for those that follow.
    ///
    /// - Parameters:
    ///   - count: Files that are gone.
    ///   - known: How many were known, those among them.
    ///   - now: The present.
    /// - Returns: Whether they may be removed.
    package mutating func mayRemove(_ count: Int, of known: Int, now: Instant) -> Bool {
        guard let share = self.limits.share else { return true }
        self.removals.removeAll { now - $0.at >= Self.window }
        let removed = self.removals.reduce(0) { $0 + $1.count }
        let isFollowing = self.heldAt.map { now - $0 < Self.window } ?? false
        let isTooMuch =
            removed + count > self.limits.files && Double(removed + count) > share * Double(known + removed)
        guard !isFollowing, !isTooMuch else {
            self.heldAt = now
            return false
        }
        if let last = self.removals.last, now - last.at < .seconds(1) {
            self.removals[self.removals.count - 1].count += count
        } else {
            self.removals.append((now, count))
        }
        return true
    }

    /// A person has decided, or the files are back: what follows is no part of it.
    package mutating func forgetHold() {
        self.heldAt = nil
        self.removals = []
    }
}
