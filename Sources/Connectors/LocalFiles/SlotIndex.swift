/// Finds rows of a table by a hash of them, at 4 bytes a slot.
///
/// Holds row numbers only; the caller hashes and compares. Linear probing, four to seven tenths full.
struct SlotIndex: Sendable {
    private static let empty = UInt32.max
    private static let deleted = UInt32.max - 1

    private var slots: [UInt32] = Array(repeating: Self.empty, count: 16)
    /// Slots that are not empty, those of removed rows among them.
    private var used = 0

    /// The first row with this hash that satisfies the condition.
    func first(hash: Int, where isMatch: (UInt32) -> Bool) -> UInt32? {
        var slot = self.home(of: hash)
        while self.slots[slot] != Self.empty {
            if self.slots[slot] != Self.deleted, isMatch(self.slots[slot]) { return self.slots[slot] }
            slot = self.next(slot)
        }
        return nil
    }

    /// Adds a row that is not in it yet.
    ///
    /// - Parameters:
    ///   - row: Below `UInt32.max - 1`.
    ///   - hash: Its hash.
    ///   - hashOf: The hash of any row in it; asked for all of them when the index grows.
    mutating func insert(_ row: UInt32, hash: Int, hashOf: (UInt32) -> Int) {
        if (self.used + 1) * 10 > self.slots.count * 7 { self.rebuild(hashOf) }
        self.place(row, hash: hash)
    }

    /// Removes a row that is in it.
    mutating func remove(_ row: UInt32, hash: Int) {
        var slot = self.home(of: hash)
        while self.slots[slot] != Self.empty {
            if self.slots[slot] == row {
                self.slots[slot] = Self.deleted
                return
            }
            slot = self.next(slot)
        }
    }

    private mutating func place(_ row: UInt32, hash: Int) {
        var slot = self.home(of: hash)
        while self.slots[slot] != Self.empty { slot = self.next(slot) }
        self.slots[slot] = row
        self.used += 1
    }

    private mutating func rebuild(_ hashOf: (UInt32) -> Int) {
        let rows = self.slots.filter { $0 < Self.deleted }
        self.slots = Array(repeating: Self.empty, count: max(16, (rows.count + 1) * 7 / 4))
        self.used = 0
        for row in rows { self.place(row, hash: hashOf(row)) }
    }

    /// Where to look for a hash first: its lower 32 bits, scaled to any number of slots.
    private func home(of hash: Int) -> Int {
        Int((UInt64(UInt32(truncatingIfNeeded: hash)) * UInt64(self.slots.count)) >> 32)
    }

    private func next(_ slot: Int) -> Int { slot + 1 == self.slots.count ? 0 : slot + 1 }
}
