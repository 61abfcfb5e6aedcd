import HeapModule

/// When to look at a file that something happened to.
///
/// A file that was closed or moved in waits only as long as a program that saves by "write, then rename" needs for
/// its next step; one that is being written waits until it has been quiet for a while; one that went waits a little
/// for its successor of the same name. What happens later replaces what happened before.
package struct Debouncer: Sendable {
    package typealias Instant = ContinuousClock.Instant

    /// What happened to a file.
    package enum Activity: Hashable, Sendable {
        /// Closed after writing, or moved in: complete, as far as one can know.
        case completed
        /// Made or written, and perhaps not complete.
        case written
        /// Its attributes changed, perhaps its times; nothing follows from it for a file that waits already.
        case touched
        /// Deleted, or moved away.
        case gone
    }

    /// How long to wait after what; `ceiling` bounds the wait for a file that is never quiet.
    package struct Delays: Sendable {
        package var completed: Duration = .milliseconds(50)
        package var written: Duration = .seconds(2)
        package var gone: Duration = .milliseconds(200)
        package var ceiling: Duration

        package init(written: Duration = .seconds(2), ceiling: Duration = .seconds(60)) {
            self.written = written
            self.ceiling = ceiling
        }
    }

    private struct Wait {
        var due: Instant
        let latest: Instant
        var isGone: Bool
        /// When the one alarm rings that counts for it: at `due` or earlier.
        var alarm: Instant
    }

    private struct Alarm: Comparable {
        var at: Instant
        var path: RelativePath
        static func < (one: Alarm, other: Alarm) -> Bool { one.at < other.at }
    }

    private let delays: Delays
    private let capacity: Int
    private var waits: [RelativePath: Wait] = [:]
    private var alarms: Heap<Alarm> = []
    /// How many files wait that went.
    package private(set) var goneCount = 0

    /// - Parameters:
    ///   - delays: How long to wait after what.
    ///   - capacity: The most files that wait at once; it bounds memory when more happens than can be looked at.
    package init(delays: Delays, capacity: Int = 65_536) {
        self.delays = delays
        self.capacity = capacity
    }

    package var count: Int { self.waits.count }

    /// When `due` next has something to return; nil when nothing waits.
    package var nextDue: Instant? { self.alarms.min?.at }

    package func contains(_ path: RelativePath) -> Bool { self.waits[path] != nil }

    /// Notes that something happened.
    ///
    /// - Returns: Whether there was room; if not, the folder must be read again to find what was dropped.
    package mutating func offer(_ path: RelativePath, _ activity: Activity, now: Instant) -> Bool {
        guard var wait = self.waits[path] else {
            guard self.waits.count < self.capacity else { return false }
            let latest = now + self.delays.ceiling
            let due = min(now + self.delay(of: activity), latest)
            self.add(path, due: due, latest: latest, isGone: activity == .gone)
            return true
        }
        guard activity != .touched else { return true }
        wait.due = min(now + self.delay(of: activity), wait.latest)
        self.goneCount += (activity == .gone ? 1 : 0) - (wait.isGone ? 1 : 0)
        wait.isGone = activity == .gone
        // A later time needs no alarm of its own: the earlier one rings first and sets it.
        if wait.due < wait.alarm {
            wait.alarm = wait.due
            self.alarms.insert(Alarm(at: wait.due, path: path))
        }
        self.waits[path] = wait
        return true
    }

    /// Takes files whose time has come, in the order of their times.
    package mutating func due(now: Instant, limit: Int) -> [RelativePath] {
        var paths: [RelativePath] = []
        while paths.count < limit, let alarm = self.alarms.min, alarm.at <= now {
            self.alarms.removeMin()
            guard let wait = self.waits[alarm.path], wait.alarm == alarm.at else { continue }
            self.take(alarm.path)
            if wait.due <= now {
                paths.append(alarm.path)
            } else {
                self.add(alarm.path, due: wait.due, latest: wait.latest, isGone: wait.isGone)
            }
        }
        return paths
    }

    /// Renames what waits at or below a path.
    package mutating func move(_ source: RelativePath, to target: RelativePath) {
        for path in self.waits.keys.filter({ $0.isWithin(source) }) {
            guard let wait = self.take(path) else { continue }
            let moved = path.moved(from: source, to: target)
            self.take(moved)
            self.add(moved, due: wait.due, latest: wait.latest, isGone: wait.isGone)
        }
    }

    package mutating func removeAll() {
        self.waits.removeAll()
        self.goneCount = 0
        self.alarms = []
    }

    @discardableResult
    private mutating func take(_ path: RelativePath) -> Wait? {
        guard let wait = self.waits.removeValue(forKey: path) else { return nil }
        if wait.isGone { self.goneCount -= 1 }
        return wait
    }

    private mutating func add(_ path: RelativePath, due: Instant, latest: Instant, isGone: Bool) {
        self.waits[path] = Wait(due: due, latest: latest, isGone: isGone, alarm: due)
        if isGone { self.goneCount += 1 }
        self.alarms.insert(Alarm(at: due, path: path))
    }

    private func delay(of activity: Activity) -> Duration {
        switch activity {
        case .completed: self.delays.completed
        case .written, .touched: self.delays.written
        case .gone: self.delays.gone
        }
    }
}
