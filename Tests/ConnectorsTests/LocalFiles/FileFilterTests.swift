import Connectors
import Testing

@Suite("File filter")
struct FileFilterTests {
    @Test(arguments: [
        ".hidden", "d/.hidden", ".a.swp", "a.swp", "a~", "#a#", "~$report.docx", "d/4913", "a.TMP", "a.crdownload",
        "a.md___jb_tmp___", ".~lock.a.odt#", ".git/config", "d/.cache/a",
    ])
    func leavesHiddenAndTemporaryFilesAlone(_ path: String) throws {
        #expect(try !FileFilter().reaches(file: RelativePath(path)))
    }

    @Test(arguments: ["a", "a.txt", "d/e/f.md", "4914", "#a", "a.tmp.txt", "tmp", "swp"])
    func takesEverythingElse(_ path: String) throws {
        #expect(try FileFilter().reaches(file: RelativePath(path)))
    }

    struct Case: CustomTestStringConvertible {
        let include: [String]
        let exclude: [String]
        let taken: [String]
        let left: [String]
        let pruned: [String]
        var testDescription: String { "include \(self.include) exclude \(self.exclude)" }
    }

    @Test(arguments: [
        Case(include: ["**/*.md", "r/*"], exclude: [], taken: ["a.md", "r/x"], left: ["a.txt", "r/d/x"], pruned: []),
        Case(include: [], exclude: ["d/**"], taken: ["a", "dd/a"], left: ["d/a", "d/e/f"], pruned: ["d", "d/e"]),
        Case(include: [], exclude: ["d/"], taken: ["a", "d"], left: ["d/a", "d/e/f"], pruned: ["d"]),
        Case(include: [], exclude: ["d"], taken: ["a", "x/d"], left: ["d", "d/a"], pruned: ["d"]),
        Case(include: [], exclude: ["**/old/**"], taken: ["a"], left: ["x/old/a"], pruned: ["old", "x/old"]),
        Case(include: ["*.md"], exclude: ["draft*"], taken: ["a.md"], left: ["draft.md"], pruned: ["drafts"]),
    ])
    func appliesPatterns(_ example: Case) throws {
        let filter = try FileFilter(include: example.include, exclude: example.exclude)
        #expect(example.taken.filter { !filter.reaches(file: RelativePath($0)) } == [])
        #expect(example.left.filter { filter.reaches(file: RelativePath($0)) } == [])
        #expect(example.pruned.filter { filter.admits(directory: RelativePath($0)) } == [])
        #expect(filter.admits(directory: .root))
        #expect(filter.admits(directory: RelativePath("x")))
    }
}
