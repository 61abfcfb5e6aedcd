/// Finds rows of a table by a hash of them, at 4 bytes a slot.
///
/// Holds row numbers only; the caller hashes and compares. Linear probing, four to seven tenths full. A row that goes leaves
/// no mark: those behind it move up, so that coming and going alone never makes the index anew.
struct SlotIndex: Sendable {
    private static let empty = UInt32.max

    private var slots: [UInt32] = Array(repeating: Self.empty, count: 16)
    /// Slots that are not empty.
    private var used = 0

    /// The first row with this hash that satisfies the condition.
    func first(hash: Int, where isMatch: (UInt32) -> Bool) -> UInt32? {
        var slot = self.home(of: hash)
        while self.slots[slot] != Self.empty {
            if isMatch(self.slots[slot]) { return self.slots[slot] }
            slot = self.next(slot)
        }
        return nil
    }

    /// Adds a row that is not in it yet.
    ///
    /// - Parameters:
    ///   - row: Below `UInt32.max`.
    ///   - hash: Its hash.
    ///   - hashOf: The hash of any row in it; asked for all of them when the index grows.
    mutating func insert(_ row: UInt32, hash: Int, hashOf: (UInt32) -> Int) {
        if (self.used + 1) * 10 > self.slots.count * 7 { self.rebuild(hashOf) }
        self.place(row, hash: hash)
    }

    /// Removes a row that is in it.
    ///
    /// - Parameters:
    ///   - row: Which.
    ///   - hash: Its hash.
    ///   - hashOf: The hash of any row in it; asked for those that stand behind it.
    mutating func remove(_ row: UInt32, hash: Int, hashOf: (UInt32) -> Int) {
        var hole = self.home(of: hash)
        while self.slots[hole] != row {
            guard self.slots[hole] != Self.empty else { return }
            hole = self.next(hole)
        }
        var slot = self.next(hole)
        while self.slots[slot] != Self.empty {
            // A row may stand anywhere between its home and the next empty slot.
            let home = self.home(of: hashOf(self.slots[slot]))
            if self.distance(from: home, to: slot) >= self.distance(from: hole, to: slot) {
                self.slots[hole] = self.slots[slot]
                hole = slot
            }
            slot = self.next(slot)
        }
        self.slots[hole] = Self.empty
        self.used -= 1
    }

    private mutating func place(_ row: UInt32, hash: Int) {
        var slot = self.home(of: hash)
        while self.slots[slot] != Self.empty { slot = self.next(slot) }
        self.slots[slot] = row
        self.used += 1
    }

    private mutating func rebuild(_ hashOf: (UInt32) -> Int) {
        let rows = self.slots.filter { $0 != Self.empty }
        self.slots = Array(repeating: Self.empty, count: max(16, (rows.count + 1) * 7 / 4))
        self.used = 0
        for row in rows { self.place(row, hash: hashOf(row)) }
    }

    /// Where to look for a hash first: its lower 32 bits, scaled to any number of slots.
    private func home(of hash: Int) -> Int {
        Int((UInt64(UInt32(truncatingIfNeeded: hash)) * UInt64(self.slots.count)) >> 32)
    }

    private func distance(from start: Int, to end: Int) -> Int { (end < start ? self.slots.count : 0) + end - start }

    private func next(_ slot: Int) -> Int { slot + 1 == self.slots.count ? 0 : slot + 1 }
}
