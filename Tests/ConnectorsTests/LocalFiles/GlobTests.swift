import Connectors
import Testing

@Suite("Globs")
struct GlobTests {
    struct Case: CustomTestStringConvertible {
        let pattern: String
        let matching: [String]
        let other: [String]
        var testDescription: String { self.pattern }
    }

    @Test(arguments: [
        Case(pattern: "a.txt", matching: ["a.txt"], other: ["A.txt", "d/a.txt", "a.txt.gz", "a.tx", ""]),
        Case(
            pattern: "*.txt", matching: ["a.txt", ".txt", "a b\n.txt", "ü.txt"], other: ["d/a.txt", "a.txtx", "txt"]),
        Case(pattern: "*", matching: ["a", "a.b"], other: ["a/b"]),
        Case(pattern: "**", matching: ["a", "a/b", "a/b/c"], other: [""]),
        Case(pattern: "**/*.md", matching: ["a.md", "d/a.md", "d/e/.md"], other: ["a.mdx", "d.md/a"]),
        Case(pattern: "d/**", matching: ["d/a", "d/e/f"], other: ["d", "dd/a", "e/d/a"]),
        Case(pattern: "a/**/b", matching: ["a/b", "a/x/b", "a/x/y/b"], other: ["ab", "a/xb", "a/b/c"]),
        Case(pattern: "**/d/**", matching: ["d/a", "x/d/a/b"], other: ["d", "xd/a"]),
        Case(pattern: "a**b", matching: ["ab", "axxb"], other: ["a/b"]),
        Case(pattern: "?.c", matching: ["a.c", "é.c", "漢.c"], other: [".c", "ab.c", "/.c"]),
        Case(pattern: "[a-cx].c", matching: ["a.c", "b.c", "x.c"], other: ["d.c", "-.c"]),
        Case(pattern: "[!a-c].c", matching: ["d.c", "é.c"], other: ["a.c", "/.c"]),
        Case(pattern: "[^a].c", matching: ["b.c"], other: ["a.c"]),
        Case(pattern: "[]a-].c", matching: ["].c", "a.c", "-.c"], other: ["b.c"]),
        Case(pattern: "[z-a]", matching: [], other: ["a", "z", "m", "-"]),
        Case(pattern: "[α-ω]", matching: ["α", "λ"], other: ["a", "ά"]),
        Case(pattern: "[\\]]", matching: ["]"], other: ["\\", "a"]),
        Case(pattern: "*.{pdf,md}", matching: ["a.pdf", "a.md"], other: ["a.txt", "a.", "a.pdf,md"]),
        Case(pattern: "{a,{b,c}d,}x", matching: ["ax", "bdx", "cdx", "x"], other: ["bx", "dx"]),
        Case(pattern: "{**/,}x", matching: ["x", "a/x", "a/b/x"], other: ["ax"]),
        Case(pattern: "{a,b/**}", matching: ["a", "b/c/d"], other: ["b", "a/c"]),
        Case(pattern: "a,b}", matching: ["a,b}"], other: ["a", "b}"]),
        Case(pattern: "\\*\\{\\\\", matching: ["*{\\"], other: ["a{\\"]),
    ])
    func matches(_ example: Case) throws {
        let glob = try Glob(example.pattern)
        #expect(example.matching.filter { !glob.matches(RelativePath($0)) } == [])
        #expect(example.other.filter { glob.matches(RelativePath($0)) } == [])
    }

    @Test func aByteThatIsNotUTF8IsOneCharacter() throws {
        let name: [UInt8] = [0x61, 0xFF, 0xC3, 0x62]
        #expect(try Glob("a??b").matches(RelativePath(bytes: name)))
        #expect(try Glob("a*b").matches(RelativePath(bytes: name)))
        #expect(try !Glob("a?b").matches(RelativePath(bytes: name)))
    }

    @Test(arguments: [
        ("a[b", GlobError.openSet(pattern: "a[b"), "bad pattern 'a[b': a '[' is not closed; add ']' or write '\\['"),
        ("a{b", .openChoice(pattern: "a{b"), "bad pattern 'a{b': a '{' is not closed; add '}' or write '\\{'"),
        (
            "a\\", .trailingBackslash(pattern: "a\\"),
            "bad pattern 'a\\': it ends with a '\\' that quotes nothing; write '\\\\'"
        ),
        (
            "{{{{{{{{{a}}}}}}}}}", .nestedTooDeep(pattern: "{{{{{{{{{a}}}}}}}}}"),
            "bad pattern '{{{{{{{{{a}}}}}}}}}': more than 8 choices within each other; split it"
        ),
    ])
    func refuses(_ pattern: String, _ expected: GlobError, _ message: String) {
        let error = #expect(throws: GlobError.self) { try Glob(pattern) }
        #expect(error == expected)
        #expect(error?.description == message)
    }

    @Test func refusesAPatternThatIsTooLong() {
        let pattern = String(repeating: "a", count: Glob.longestPattern + 1)
        #expect(throws: GlobError.tooLong(pattern: pattern)) { try Glob(pattern) }
    }

    /// Backtracking would take longer than the universe is old.
    @Test(arguments: ["*a*a*a*a*a*a*a*a*a*a*a*a*b", "**/a/**/a/**/a/**/a/**/a/**/b", "{a,a,a}*{a,a}*{a,a}*{a,a}*b"])
    func takesLinearTime(_ pattern: String) throws {
        let glob = try Glob(pattern)
        #expect(!glob.matches(RelativePath(String(repeating: "a", count: 4_000))))
        #expect(!glob.matches(RelativePath(Array(repeating: "a", count: 2_000).joined(separator: "/"))))
    }
}
