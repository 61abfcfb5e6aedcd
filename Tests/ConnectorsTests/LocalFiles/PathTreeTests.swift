import Connectors
import SeededRandom
import Testing

@Suite("Path tree")
struct PathTreeTests {
    @Test func findsWhatIsBelowAndNothingElse() {
        var tree = PathTree<Int>()
        for (number, path) in ["", "d", "d/e/f", "dd", "x/y"].enumerated() { tree[RelativePath(path)] = number }
        let below = tree.numbers(within: RelativePath("d")).map(tree.path(of:))
        #expect(below == [RelativePath("d"), RelativePath("d/e/f")])
        #expect(tree.numbers(within: RelativePath("d/e")).map(tree.path(of:)) == [RelativePath("d/e/f")])
        #expect(tree.numbers(within: RelativePath("none")) == [])
        #expect(tree.numbers(within: .root).count == 5 && tree.count == 5)
        #expect(tree[RelativePath("d/e")] == nil)
    }

    @Test func directoryStaysForThoseBelowIt() {
        var tree = PathTree<Int>()
        tree[RelativePath("d")] = 1
        tree[RelativePath("d/e")] = 2
        tree[RelativePath("d")] = nil
        #expect(tree.numbers(within: RelativePath("d")).map(tree.path(of:)) == [RelativePath("d/e")])
        tree[RelativePath("d/e")] = nil
        #expect(tree.count == 0 && tree.numbers(within: .root) == [])
        // What has gone leaves its number to what comes.
        let first = tree.add(RelativePath("n"))
        #expect(first < 3)
    }

    @Test func behavesLikeADictionary() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        var tree = PathTree<Int>()
        var model: [RelativePath: Int] = [:]
        for step in 0..<5_000 {
            let depth = Int.random(in: 0...4, using: &random)
            let names = (0..<depth).map { _ in String(Int.random(in: 0..<3, using: &random)) }
            let path = RelativePath(names.joined(separator: "/"))
            let value = Bool.random(using: &random) ? step : nil
            tree[path] = value
            model[path] = value
            #expect(tree.count == model.count, "seed \(seed)")
            let found = tree.numbers(within: path).map(tree.path(of:))
            #expect(Set(found) == Set(model.keys.filter { $0.isWithin(path) }), "seed \(seed)")
            #expect(found.count == Set(found).count, "seed \(seed)")
        }
        #expect(model.allSatisfy { tree[$0.key] == $0.value }, "seed \(seed)")
        tree.update { $0 = -$0 }
        #expect(tree.count { $0 <= 0 } == model.count)
        #expect(Set(tree.paths { _, value in value <= -2_500 }) == Set(model.filter { $0.value >= 2_500 }.keys))
    }
}
