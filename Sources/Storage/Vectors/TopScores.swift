/// The highest of a stream of scores, in bounded memory; of equal scores the earlier.
struct TopScores {
    private typealias Entry = (score: Float, slot: Int)

    private let capacity: Int
    private var entries: [Entry] = []
    private var threshold = -Float.infinity

    init(capacity: Int) {
        self.capacity = max(1, capacity)
        self.entries.reserveCapacity(self.capacity * 2)
    }

    /// Takes a score if it can still be among the highest; slots come in ascending order.
    @inline(__always)
    mutating func offer(_ score: Float, slot: Int) {
        guard score > self.threshold else { return }
        self.entries.append((score, slot))
        if self.entries.count == self.capacity * 2 { self.cut() }
    }

    /// The slots with the highest scores, best first.
    mutating func slots() -> [Int] {
        self.cut()
        return self.entries.map(\.slot)
    }

    private mutating func cut() {
        self.entries.sort { $0.score == $1.score ? $0.slot < $1.slot : $0.score > $1.score }
        guard self.entries.count >= self.capacity else { return }
        self.entries.removeLast(self.entries.count - self.capacity)
        self.threshold = self.entries[self.capacity - 1].score
    }
}
