import Connectors
import Foundation
import SeededRandom
import Testing

@Suite("Ignore files")
struct IgnoreFileTests {
    /// Rules, a path with a slash at the end for a directory, and what is said of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let rules: String
        let path: String
        let verdict: Bool?
        var testDescription: String { "\(self.rules.debugDescription) on \(self.path)" }

        init(_ rules: String, _ path: String, _ verdict: Bool?) {
            self.rules = rules
            self.path = path
            self.verdict = verdict
        }
    }

    @Test(arguments: [
        Case("*.log", "a.log", true), Case("*.log", "d/e/a.log", true), Case("*.log", "a.txt", nil),
        Case("build", "build/", true), Case("build", "d/build", true), Case("build/", "build", nil),
        Case("build/", "d/build/", true), Case("/build", "build", true), Case("/build", "d/build", nil),
        Case("d/x", "d/x", true), Case("d/x", "e/d/x", nil), Case("d/*", "d/x", true), Case("d/*", "d/x/y", nil),
        Case("**/x", "x", true), Case("**/x", "d/e/x", true), Case("d/**", "d/e/x", true), Case("d/**", "d/", nil),
        Case("a/**/z", "a/z", true), Case("a/**/z", "a/b/c/z", true), Case("a**z", "a/z", nil),
        Case("*.log\n!keep.log", "keep.log", false), Case("!keep.log\n*.log", "keep.log", true),
        Case("# comment\n\n*.a", "# comment", nil), Case("\\#a", "#a", true), Case("\\!a", "!a", true),
        Case("a  ", "a", true), Case("a\\ ", "a ", true), Case("a\r\nb\r\n", "a", true), Case("{a,b}", "a", nil),
        Case("{a,b}", "{a,b}", true), Case("[ab].c", "b.c", true), Case("[!ab].c", "b.c", nil), Case("[", "[", nil),
        Case("a\\", "a", nil), Case("/", "a", nil), Case("!", "a", nil), Case("*", "a", true), Case("é", "é", true),
    ])
    func rulesAreThoseOfGitignore(_ example: Case) {
        let isDirectory = example.path.hasSuffix("/")
        let path = Array(example.path.utf8.dropLast(isDirectory ? 1 : 0))
        let found = IgnoreFile(Array(example.rules.utf8)).ignores(path[...], isDirectory: isDirectory)
        #expect(found == example.verdict)
    }

    /// Random trees with random rules in several directories, against git itself.
    @Test(.timeLimit(.minutes(2)), arguments: 0..<3) func gitSaysTheSame(_ round: Int) async throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        let folder = try TemporaryFolder()
        _ = try Self.git(["init", "-q", folder.path], in: folder.path, input: "")
        var filter = try FileFilter()
        for directory in ["", "a", "a/b", "b"] {
            let rules = (0..<5).map { _ in Self.rule(using: &random) }.joined(separator: "\n")
            filter.ignoreFiles[RelativePath(directory)] = IgnoreFile(Array(rules.utf8))
            try folder.makeDirectory(directory)
            try folder.write(directory.isEmpty ? ".gitignore" : "\(directory)/.gitignore", rules)
        }
        let names = ["a", "b", "ab", "a.c", "b.c"]
        var paths: Set<String> = []
        for _ in 0..<300 {
            let depth = Int.random(in: 1...4, using: &random)
            let path = (0..<depth).map { _ in names[Int.random(in: 0..<names.count, using: &random)] }
            paths.insert(path.joined(separator: "/"))
        }
        let files = paths.filter { path in !paths.contains { $0.hasPrefix(path + "/") } }
            .filter { !["a", "a/b", "b"].contains($0) }.sorted()
        for path in files {
            try folder.makeDirectory(RelativePath(path).parent?.text ?? "")
            try folder.write(path)
        }
        let arguments = ["check-ignore", "--no-index", "--stdin"]
        let ignored = try Self.git(arguments, in: folder.path, input: files.joined(separator: "\n") + "\n")
        let expected = Set(ignored.split(separator: "\n").map(String.init))
        let found = Set(files.filter { !filter.reaches(file: RelativePath($0)) })
        #expect(found == expected, "seed \(seed)")
    }

    private static func rule(using random: inout SplitMix64) -> String {
        let pieces = ["a", "b", "ab", "*", "**", "?", "a*", "*.c", "[ab]", "a.c"]
        let depth = Int.random(in: 1...3, using: &random)
        let pattern = (0..<depth).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }
        let negation = Int.random(in: 0..<3, using: &random) == 0 ? "!" : ""
        let slash = Int.random(in: 0..<4, using: &random) == 0 ? "/" : ""
        let end = Int.random(in: 0..<4, using: &random) == 0 ? "/" : ""
        return negation + slash + pattern.joined(separator: "/") + end
    }

    private static func git(_ arguments: [String], in directory: String, input: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/git")
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        let (stdin, stdout) = (Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }
}
