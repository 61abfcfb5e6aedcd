import SeededRandom
import Storage
import Testing

@Suite("Vectors in memory")
struct VectorMatrixTests {
    private static func exact(_ vectors: [[Float]], _ query: [Float], limit: Int) -> [Int64] {
        let scores = vectors.map { zip($0, query).reduce(Float(0)) { $0 + $1.0 * $1.1 } }
        return scores.indices.sorted { scores[$0] > scores[$1] }.prefix(limit).map { Int64($0) + 1 }
    }

    private static func matrix(_ vectors: [[Float]], pipelines: Int32 = 1) -> VectorMatrix {
        var matrix = VectorMatrix(dimensions: vectors[0].count)
        for (index, vector) in vectors.enumerated() {
            let pipeline = Int32(index) % pipelines
            matrix.append(VectorBlock(firstChunk: Int64(index) + 1, pipeline: pipeline, vectors: [vector]))
        }
        return matrix
    }

    /// Random directions are the hard case: the best of them hardly differ.
    @Test(arguments: [3, 8, 384, 1_536, 3_072])
    func bestTenAreAmongTwiceAsManyCandidates(dimensions: Int) {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SplitMix64(seed: seed)
        let vectors = (0..<2_000).map { _ in Fixtures.unitVector(dimensions, using: &generator) }
        let matrix = Self.matrix(vectors)
        for _ in 0..<5 {
            let query = Fixtures.unitVector(dimensions, using: &generator)
            let found = matrix.nearest(to: QuantizedQuery(query), limit: 20, in: .everything)
            #expect(found.count == 20)
            let missing = Set(Self.exact(vectors, query, limit: 10)).subtracting(found)
            #expect(missing.isEmpty, "seed \(seed)")
        }
    }

    @Test(arguments: [384, 1_536, 3_072, 20_000])
    func extremeComponentsDoNotOverflow(dimensions: Int) {
        let same = [Float](repeating: 1, count: dimensions)
        let opposite = [Float](repeating: -1, count: dimensions)
        let matrix = Self.matrix([opposite, same, [Float](repeating: 0, count: dimensions)])
        #expect(matrix.nearest(to: QuantizedQuery(same), limit: 3, in: .everything) == [2, 3, 1])
        #expect(matrix.nearest(to: QuantizedQuery(opposite), limit: 3, in: .everything) == [1, 3, 2])
    }

    @Test func equalVectorsComeInTheOrderOfTheirChunks() {
        let matrix = Self.matrix(Array(repeating: [0.6, 0.8], count: 50))
        #expect(matrix.nearest(to: QuantizedQuery([0.6, 0.8]), limit: 3, in: .everything) == [1, 2, 3])
    }

    @Test func removedRowsAreNotFoundBeforeAndAfterTheyAreCompacted() {
        var generator = SplitMix64(seed: 7)
        let vectors = (0..<100).map { _ in Fixtures.unitVector(8, using: &generator) }
        var matrix = Self.matrix(vectors)
        var left = Set((1...100).map { Int64($0) })
        for range in [Int64(10)..<15, 1..<3, 99..<400, 12..<30, 500..<600, 40..<95] {
            matrix.remove(range)
            left.subtract(range)
            let found = matrix.nearest(to: QuantizedQuery(vectors[0]), limit: 200, in: .everything)
            #expect(Set(found) == left)
            #expect(matrix.count == left.count)
            let expected = Self.exact(vectors, vectors[95], limit: 100).first { left.contains($0) }
            #expect(matrix.nearest(to: QuantizedQuery(vectors[95]), limit: 1, in: .everything).first == expected)
        }
        matrix.remove(1..<200)
        #expect(matrix.nearest(to: QuantizedQuery(vectors[0]), limit: 5, in: .everything).isEmpty)
    }

    @Test func onlyTheAskedPipelineIsLookedAt() {
        var generator = SplitMix64(seed: 8)
        let matrix = Self.matrix((0..<30).map { _ in Fixtures.unitVector(8, using: &generator) }, pipelines: 3)
        let query = QuantizedQuery(Fixtures.unitVector(8, using: &generator))
        let found = matrix.nearest(to: query, limit: 50, in: .pipelines([2]))
        #expect(Set(found) == Set(stride(from: Int64(3), through: 30, by: 3)))
        #expect(matrix.contains(3, in: .pipelines([0, 2])))
        #expect(!matrix.contains(3, in: .pipelines([1])))
        #expect(!matrix.contains(31, in: .everything))
    }

    @Test func onlyTheAskedChunksAreLookedAt() {
        var generator = SplitMix64(seed: 9)
        var matrix = Self.matrix((0..<40).map { _ in Fixtures.unitVector(8, using: &generator) }, pipelines: 3)
        matrix.remove(5..<7)
        let query = QuantizedQuery(Fixtures.unitVector(8, using: &generator))
        let scope = ChunkScope.chunks([4..<8, 20..<21, 39..<99])
        let found = matrix.nearest(to: query, limit: 50, in: scope)
        #expect(found.sorted() == [4, 7, 20, 39, 40])
        for chunk in Int64(0)...50 { #expect(matrix.contains(chunk, in: scope) == found.contains(chunk), "\(chunk)") }
        #expect(matrix.nearest(to: query, limit: 50, in: .chunks([])).isEmpty)
    }
}
