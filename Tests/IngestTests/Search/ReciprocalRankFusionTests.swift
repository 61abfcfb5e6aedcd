import Ingest
import Testing

@Suite("Reciprocal rank fusion")
struct ReciprocalRankFusionTests {
    struct Case: CustomTestStringConvertible {
        let rankings: [[String]]
        let fused: [String]
        var testDescription: String { "\(self.rankings)" }
    }

    @Test(arguments: [
        Case(rankings: [], fused: []),
        Case(rankings: [[], []], fused: []),
        Case(rankings: [["a", "b"]], fused: ["a", "b"]),
        Case(rankings: [["a", "b"], ["b", "c"]], fused: ["b", "a", "c"]),
        Case(rankings: [["a"], ["b"]], fused: ["a", "b"]),
        Case(rankings: [["b", "a"], ["a", "b"]], fused: ["b", "a"]),
        Case(rankings: [["a", "a", "a"], ["b", "c"]], fused: ["a", "b", "c"]),
        Case(rankings: [["x", "y", "a"], ["z", "w", "a"]], fused: ["a", "x", "z", "y", "w"]),
    ])
    func ordersByTheSumOfReciprocalRanks(_ example: Case) {
        #expect(ReciprocalRankFusion().fuse(example.rankings, limit: 10).map(\.item) == example.fused)
    }

    @Test func scoresAreThoseOfThePaper() {
        let fused = ReciprocalRankFusion(k: 60).fuse([["a", "b"], ["b"]], limit: 10)
        #expect(fused.map(\.item) == ["b", "a"])
        #expect(abs(fused[0].score - (1 / 62 + 1 / 61)) < 1e-12)
        #expect(abs(fused[1].score - 1 / 61) < 1e-12)
    }

    @Test(arguments: [(-1, 0), (0, 0), (2, 2), (9, 3)])
    func answersAtMostTheLimit(limit: Int, count: Int) {
        #expect(ReciprocalRankFusion().fuse([["a", "b", "c"]], limit: limit).count == count)
    }
}
