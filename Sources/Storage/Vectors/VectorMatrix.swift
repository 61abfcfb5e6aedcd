/// All vectors of a database, quantised, in contiguous memory: a search is one pass over it.
///
/// Rows are in ascending order of chunk id, which is the order in which chunks are made. A removed row stays until
/// a quarter of all rows are removed ones. Memory: `dimensions` + 16 bytes a row.
package struct VectorMatrix {
    /// The place of a removed row in `pipelines`; no pipeline has this key.
    private static let removed: Int32 = -1

    package let dimensions: Int
    private var ids: [Int64] = []
    private var pipelines: [Int32] = []
    private var scales: [Float] = []
    private var codes: [Int8] = []
    private var removedCount = 0

    /// How many vectors can be found.
    package var count: Int { self.ids.count - self.removedCount }

    package init(dimensions: Int) { self.dimensions = dimensions }

    mutating func reserve(_ count: Int) {
        self.ids.reserveCapacity(count)
        self.pipelines.reserveCapacity(count)
        self.scales.reserveCapacity(count)
        self.codes.reserveCapacity(count * self.dimensions)
    }

    /// The highest chunk id seen and not yet forgotten; 0 when there is none.
    package var lastChunk: Int64 { self.ids.last ?? 0 }

    /// Adds a block of rows; its ids are above `lastChunk`.
    package mutating func append(_ block: VectorBlock) {
        precondition(block.codes.count == block.scales.count * self.dimensions, "a block with rows of another length")
        precondition(block.firstChunk > self.lastChunk, "blocks out of order")
        for offset in block.scales.indices { self.ids.append(block.firstChunk + Int64(offset)) }
        self.pipelines.append(contentsOf: repeatElement(block.pipeline, count: block.scales.count))
        self.scales.append(contentsOf: block.scales)
        self.codes.append(contentsOf: block.codes)
    }

    /// Forgets the rows of these chunks; unknown ones are no error.
    package mutating func remove(_ chunks: Range<Int64>) {
        var slot = self.slot(of: chunks.lowerBound)
        while slot < self.ids.count, self.ids[slot] < chunks.upperBound {
            if self.pipelines[slot] != Self.removed {
                self.pipelines[slot] = Self.removed
                self.removedCount += 1
            }
            slot += 1
        }
        if self.removedCount * 4 > self.ids.count { self.compact() }
    }

    /// Whether a chunk is here and in a scope.
    package func contains(_ chunk: Int64, in scope: ChunkScope) -> Bool {
        let slot = self.slot(of: chunk)
        guard slot < self.ids.count, self.ids[slot] == chunk, self.pipelines[slot] != Self.removed else { return false }
        switch scope {
        case .everything: return true
        case .pipelines(let wanted): return wanted.contains(self.pipelines[slot])
        case .chunks(let ranges): return ranges.covers(chunk)
        }
    }

    /// The chunks with the highest scalar products, best first.
    package func nearest(to query: QuantizedQuery, limit: Int, in scope: ChunkScope) -> [Int64] {
        var best = TopScores(capacity: limit)
        let pipelines: [Int32]? = if case .pipelines(let wanted) = scope { wanted } else { nil }
        query.codes.withUnsafeBufferPointer { query in
            self.codes.withUnsafeBufferPointer { codes in
                guard let query = query.baseAddress, let codes = codes.baseAddress else { return }
                for slots in self.slots(in: scope) {
                    for slot in slots {
                        let owner = self.pipelines[slot]
                        guard owner != Self.removed, pipelines?.contains(owner) ?? true else { continue }
                        let product = Self.product(codes + slot * self.dimensions, query, count: self.dimensions)
                        best.offer(Float(product) * self.scales[slot], slot: slot)
                    }
                }
            }
        }
        return best.slots().map { self.ids[$0] }
    }

    /// Where the rows of a scope lie, among others of the same pipelines or none.
    private func slots(in scope: ChunkScope) -> [Range<Int>] {
        guard case .chunks(let ranges) = scope else { return [self.ids.indices] }
        return ranges.map { self.slot(of: $0.lowerBound)..<self.slot(of: $0.upperBound) }
    }

    /// The scalar product; a plain loop, which the compiler turns into multiply-add instructions of the baseline.
    @inline(__always)
    private static func product(_ row: UnsafePointer<Int8>, _ query: UnsafePointer<Int16>, count: Int) -> Int32 {
        var sum: Int32 = 0
        for index in 0..<count { sum &+= Int32(row[index]) &* Int32(query[index]) }
        return sum
    }

    /// The first slot whose id is not below the given one.
    private func slot(of chunk: Int64) -> Int {
        var low = 0
        var high = self.ids.count
        while low < high {
            let middle = (low + high) / 2
            if self.ids[middle] < chunk { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Moves the rows that are left together.
    private mutating func compact() {
        var kept = 0
        let dimensions = self.dimensions
        self.codes.withUnsafeMutableBufferPointer { codes in
            guard let codes = codes.baseAddress else { return }
            for slot in self.ids.indices where self.pipelines[slot] != Self.removed {
                if kept != slot {
                    self.ids[kept] = self.ids[slot]
                    self.pipelines[kept] = self.pipelines[slot]
                    self.scales[kept] = self.scales[slot]
                    (codes + kept * dimensions).update(from: codes + slot * dimensions, count: dimensions)
                }
                kept += 1
            }
        }
        self.ids.removeLast(self.ids.count - kept)
        self.pipelines.removeLast(self.pipelines.count - kept)
        self.scales.removeLast(self.scales.count - kept)
        self.codes.removeLast(self.codes.count - kept * self.dimensions)
        self.removedCount = 0
    }
}
