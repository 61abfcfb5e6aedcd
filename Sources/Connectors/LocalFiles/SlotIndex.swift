/// Finds rows of a table by a hash of them, at 4 bytes a slot.
///
/// Holds row numbers only; the caller hashes and compares. Linear probing, at most two thirds full.
struct SlotIndex: Sendable {
    private static let empty = UInt32.max
    private static let deleted = UInt32.max - 1

    private var slots: [UInt32] = Array(repeating: Self.empty, count: 16)
    private var used = 0

    /// The first row with this hash that satisfies the condition.
    func first(hash: Int, where isMatch: (UInt32) -> Bool) -> UInt32? {
        var slot = hash & (self.slots.count - 1)
        while self.slots[slot] != Self.empty {
            if self.slots[slot] != Self.deleted, isMatch(self.slots[slot]) { return self.slots[slot] }
            slot = (slot + 1) & (self.slots.count - 1)
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
        if (self.used + 1) * 3 > self.slots.count * 2 { self.rebuild(hashOf) }
        self.place(row, hash: hash)
    }

    /// Removes a row that is in it.
    mutating func remove(_ row: UInt32, hash: Int) {
        var slot = hash & (self.slots.count - 1)
        while self.slots[slot] != Self.empty {
            if self.slots[slot] == row {
                self.slots[slot] = Self.deleted
                return
            }
            slot = (slot + 1) & (self.slots.count - 1)
        }
    }

    private mutating func place(_ row: UInt32, hash: Int) {
        var slot = hash & (self.slots.count - 1)
        while self.slots[slot] != Self.empty { slot = (slot + 1) & (self.slots.count - 1) }
        self.slots[slot] = row
        self.used += 1
    }

    private mutating func rebuild(_ hashOf: (UInt32) -> Int) {
        let rows = self.slots.filter { $0 < Self.deleted }
        var capacity = 16
        while (rows.count + 1) * 3 > capacity { capacity *= 2 }
        self.slots = Array(repeating: Self.empty, count: capacity)
        self.used = 0
        for row in rows { self.place(row, hash: hashOf(row)) }
    }
}
