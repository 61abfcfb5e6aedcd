package import FoundationEssentials

/// How many documents of a pipeline were finished and how many failed in each minute of the last hour.
///
/// Kept by the server, so that a page that has just been opened can draw the hour before. Fixed in size; a clock that
/// jumps back counts into the newest minute, one that jumps ahead leaves empty ones.
package struct ActivityHistory: Equatable, Sendable {
    /// Minutes that are remembered.
    package static let minutes = 60
    /// Seconds of one bucket.
    package static let bucketSeconds = 60

    /// What happened in one minute.
    package struct Minute: Equatable, Sendable {
        package var completed = 0
        package var failed = 0

        package init(completed: Int = 0, failed: Int = 0) {
            self.completed = completed
            self.failed = failed
        }
    }

    /// A ring: the minute that is `n` minutes after 1970 stands at `n % minutes`.
    private var ring = Array(repeating: Minute(), count: Self.minutes)
    /// The newest minute that anything was counted in; nil before the first.
    private var newest: Int?

    package init() {}

    /// Counts a document that got through.
    package mutating func recordCompleted(at time: Date) { self.ring[self.slot(at: time)].completed += 1 }

    /// Counts an attempt that failed.
    package mutating func recordFailed(at time: Date) { self.ring[self.slot(at: time)].failed += 1 }

    /// The last hour as it is to be drawn.
    ///
    /// - Parameter now: Within the last minute of the answer.
    /// - Returns: `minutes` elements, oldest first; the last is the minute that is going on.
    package func lastHour(now: Date) -> [Minute] {
        let end = Self.minute(of: now)
        return (end - Self.minutes + 1...end).map { minute in
            guard let newest, minute <= newest, minute > newest - Self.minutes else { return Minute() }
            return self.ring[Self.index(of: minute)]
        }
    }

    /// When the first minute of `lastHour` began.
    package static func start(now: Date) -> Date {
        Date(timeIntervalSince1970: Double((Self.minute(of: now) - Self.minutes + 1) * Self.bucketSeconds))
    }

    private mutating func slot(at time: Date) -> Int {
        let minute = Self.minute(of: time)
        guard let newest else {
            self.newest = minute
            return Self.index(of: minute)
        }
        if minute > newest {
            for empty in max(newest + 1, minute - Self.minutes + 1)...minute {
                self.ring[Self.index(of: empty)] = Minute()
            }
            self.newest = minute
        }
        return Self.index(of: max(minute, newest))
    }

    private static func index(of minute: Int) -> Int {
        let remainder = minute % Self.minutes
        return remainder < 0 ? remainder + Self.minutes : remainder
    }

    /// Minutes since 1970; a date beyond all use counts as the nearest that has a number.
    private static func minute(of time: Date) -> Int {
        let minutes = (time.timeIntervalSince1970 / Double(Self.bucketSeconds)).rounded(.down)
        return Int(min(max(minutes, -1e12), 1e12))
    }
}
