import EngineIO
import HeapModule

/// Which sessions want to be asked again, and when: one small entry a session, one timer for all of them.
struct TimerQueue {
    typealias Instant = ContinuousClock.Instant

    private struct Entry: Comparable {
        let deadline: Instant
        let sid: Identifier

        static func < (one: Entry, other: Entry) -> Bool { one.deadline < other.deadline }
        static func == (one: Entry, other: Entry) -> Bool { one.deadline == other.deadline }
    }

    private var entries = Heap<Entry>()

    /// The first of all deadlines.
    var next: Instant? { self.entries.min?.deadline }

    /// Remembers a session until a time; one that is remembered twice is given back twice.
    mutating func add(_ sid: Identifier, at deadline: Instant) {
        self.entries.insert(Entry(deadline: deadline, sid: sid))
    }

    /// Takes out a session whose time has come.
    mutating func popDue(now: Instant) -> (sid: Identifier, deadline: Instant)? {
        guard let first = self.entries.min, first.deadline <= now else { return nil }
        self.entries.removeMin()
        return (first.sid, first.deadline)
    }
}
