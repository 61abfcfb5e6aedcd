import Config
import SeededRandom
import Testing

@Suite("Mutated configurations")
struct FuzzTests {
    private static let seed: UInt64 = 0x5EED_0001
    private static let rounds = 4_000

    private static let corpus: [[UInt8]] = [
        ErrorCase.pipeline + "log: {level: &l info}\nserver:\n  listen: '[::1]:8003'\n  cors_origins: ['*', *l]\n",
        "pipelines: [&a {id: x, type: local_files, path: \"/\\u00e4\", include: ['[a-z]*', '**/b'],"
            + " check_interval: 5m, max_file_size: 10MiB}, *a]\nchunking: {size: 64, overlap: 9}\n",
        "%YAML 1.1\n---\nstore: {path: |\n  a\n}\n? - a\n: >-\n  b\n...\n---\n- !!str x\n",
    ].map { Array($0.utf8) }

    private static let fragments: [[UInt8]] =
        [
            "\t", "\0", "\n", "\r", "\u{85}", "\u{FEFF}", "\u{2028}", "  ", "- ", ": ", "? ", "&a ", "*a", "!!x ",
            "<<: *a\n", "'", "\"", "\\", "[", "]", "{", "}", ",", "|\n", ">\n", "#", "%", "---\n", "...\n", "~",
            "999999999999999999", "[[[[[[[[[[[[[[[[", "pipelines:", "id: ", "path: ../..",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]]

    @Test func areReadOrRefusedWithPositionsInTheText() {
        print("seed of the mutated configurations: \(Self.seed)")
        var random = SplitMix64(seed: Self.seed)
        for round in 0..<Self.rounds {
            var yaml = Self.corpus[round % Self.corpus.count]
            for _ in 0..<Int.random(in: 1...6, using: &random) { Self.mutate(&yaml, using: &random) }
            do {
                _ = try Config(yaml: yaml, file: "c.yaml", directory: "/etc")
            } catch {
                Self.check(error, of: yaml, round: round)
            }
        }
    }

    private static func mutate(_ yaml: inout [UInt8], using random: inout SplitMix64) {
        let start = Int.random(in: 0...yaml.count, using: &random)
        let end = min(yaml.count, start + Int.random(in: 0...8, using: &random))
        let fragment = self.fragments.randomElement(using: &random) ?? []
        switch Int.random(in: 0..<5, using: &random) {
        case 0: yaml.insert(contentsOf: fragment, at: start)
        case 1: yaml.removeSubrange(start..<end)
        case 2: yaml.replaceSubrange(start..<end, with: fragment)
        case 3: yaml.insert(contentsOf: yaml[start..<end], at: Int.random(in: 0...yaml.count, using: &random))
        default: if start < yaml.count { yaml[start] = UInt8.random(in: 0...255, using: &random) }
        }
    }

    private static func check(_ error: InvalidConfiguration, of yaml: [UInt8], round: Int) {
        // YAML 1.1 ends a line also at CR, NEL, LS and PS. libyaml places the end of a text on a line of its own, also
        // when nothing ends the last line: hence the two.
        let lines = String(decoding: yaml, as: UTF8.self).unicodeScalars.count {
            ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains($0)
        }
        let marks = error.diagnostics.compactMap(\.mark)
        #expect(!error.diagnostics.isEmpty, "round \(round)")
        #expect(marks.count == error.diagnostics.count, "round \(round)")
        #expect(marks == marks.sorted(), "round \(round)")
        #expect(marks.allSatisfy { $0.line <= lines + 2 && $0.column <= yaml.count + 1 }, "round \(round): \(error)")
        #expect(!error.diagnostics.contains { $0.message.contains("\n") }, "round \(round)")
    }
}
