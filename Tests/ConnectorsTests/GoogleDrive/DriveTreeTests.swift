import Connectors
import Testing

@Suite("Tree of a Drive")
struct DriveTreeTests {
    static func folder(_ id: String, in parent: String, name: String? = nil, version: Int64 = 1) -> DriveFile {
        DriveFile(id: id, name: name ?? id, mimeType: DriveFile.folderType, parents: [parent], version: version)
    }

    static func file(_ id: String, in parent: String, name: String? = nil, version: Int64 = 1) -> DriveFile {
        DriveFile(
            id: id, name: name ?? id, mimeType: "text/plain", parents: [parent], md5Checksum: "m\(version)",
            version: version
        )
    }

    static func shortcut(_ id: String, in parent: String, to target: String, key: String? = nil) -> DriveFile {
        DriveFile(
            id: id, name: id, mimeType: DriveFile.shortcutType, parents: [parent],
            shortcut: DriveFile.ShortcutTarget(targetId: target, targetResourceKey: key)
        )
    }

    /// `root/a/b` with a file in each, all listed.
    private func tree() -> DriveTree {
        var tree = DriveTree(roots: [DriveTree.Root(id: "root")]) { _ in true }
        tree.settle()
        for item in [Self.folder("a", in: "root"), Self.file("x", in: "root")] { tree.put(item) }
        tree.didList("root")
        tree.settle()
        for item in [Self.folder("b", in: "a"), Self.file("y", in: "a")] { tree.put(item) }
        tree.didList("a")
        tree.settle()
        tree.put(Self.file("z", in: "b"))
        tree.didList("b")
        _ = tree.takeTouched()
        return tree
    }

    private func paths(_ tree: DriveTree) -> [String: String] {
        tree.ids.reduce(into: [:]) { paths, id in paths[id] = tree.path(ofFile: id) }
    }

    @Test func pathsLeadFromTheWatchedFolder() {
        #expect(self.paths(self.tree()) == ["x": "x", "y": "a/y", "z": "a/b/z"])
    }

    @Test func movingAFolderMovesAllBelowItWithoutFurtherEntries() {
        var tree = self.tree()
        tree.put(Self.folder("b", in: "root", name: "B", version: 2))
        #expect(tree.takeTouched() == ["z"])
        #expect(self.paths(tree) == ["x": "x", "y": "a/y", "z": "B/z"])
        #expect(tree.unlistedFolders.isEmpty)
    }

    @Test func movingAFolderOutTakesAllBelowItAlong() {
        var tree = self.tree()
        tree.put(Self.folder("a", in: "elsewhere", version: 2))
        #expect(tree.takeTouched() == ["y", "z"])
        #expect(self.paths(tree) == ["x": "x"])
        #expect(Set(tree.ids) == ["x"])
    }

    @Test func aFolderThatComesBackIsListedAgain() {
        var tree = self.tree()
        tree.put(Self.folder("a", in: "elsewhere", version: 2))
        _ = tree.takeTouched()
        tree.put(Self.folder("a", in: "root", version: 3))
        tree.settle()
        #expect(tree.unlistedFolders.map(\.id) == ["a"])
    }

    @Test func trashAndRemovalTakeFilesOut() {
        var tree = self.tree()
        var trashed = Self.file("x", in: "root", version: 2)
        trashed.isTrashed = true
        tree.put(trashed)
        tree.remove("b")
        #expect(tree.takeTouched() == ["x", "z"])
        #expect(self.paths(tree) == ["y": "a/y"])
        tree.put(Self.file("x", in: "root", version: 3))
        #expect(tree.takeTouched() == ["x"])
        #expect(tree.path(ofFile: "x") == "x")
    }

    @Test func anOlderVersionIsLeftAside() {
        var tree = self.tree()
        tree.put(Self.file("x", in: "root", name: "new", version: 5))
        tree.put(Self.file("x", in: "a", name: "old", version: 4))
        #expect(tree.path(ofFile: "x") == "new")
    }

    @Test func filesElsewhereAreNoneOfOurs() {
        var tree = self.tree()
        tree.put(Self.file("w", in: "elsewhere"))
        tree.put(Self.folder("v", in: "elsewhere"))
        #expect(tree.takeTouched().isEmpty)
        #expect(!tree.ids.contains("w") && !tree.ids.contains("v"))
    }

    @Test func aShortcutBringsInItsTargetUntilItGoes() {
        var tree = self.tree()
        tree.put(Self.shortcut("s", in: "a", to: "t", key: "key"))
        tree.settle()
        #expect(tree.missingTargets == ["t"])
        #expect(tree.resourceKeys(of: "t") == ["t": "key"])
        tree.put(Self.file("t", in: "elsewhere", name: "target"))
        #expect(tree.takeTouched().contains("t"))
        #expect(tree.path(ofFile: "t") == "a/s")
        tree.put(Self.file("t", in: "elsewhere", name: "target", version: 2))
        #expect(tree.takeTouched() == ["t"])
        tree.remove("s")
        #expect(tree.takeTouched().contains("t"))
        #expect(tree.path(ofFile: "t") == nil && !tree.ids.contains("t"))
    }

    @Test func aTargetThatIsInTheTreeKeepsItsOwnPlace() {
        var tree = self.tree()
        tree.put(Self.shortcut("s", in: "root", to: "z"))
        #expect(tree.path(ofFile: "z") == "a/b/z")
        #expect(tree.missingTargets.isEmpty)
    }

    @Test func aShortcutToAFolderBringsInAllOfIt() {
        var tree = self.tree()
        tree.put(Self.shortcut("s", in: "root", to: "t"))
        tree.put(Self.folder("t", in: "elsewhere"))
        tree.settle()
        #expect(tree.unlistedFolders.map(\.id) == ["t"])
        tree.put(Self.file("u", in: "t"))
        tree.didList("t")
        #expect(tree.path(ofFile: "u") == "s/u")
        tree.remove("s")
        #expect(tree.takeTouched().contains("u"))
        #expect(tree.path(ofFile: "u") == nil)
    }

    @Test func shortcutsInACircleEnd() {
        var tree = self.tree()
        tree.put(Self.shortcut("up", in: "b", to: "root"))
        tree.put(Self.shortcut("self", in: "a", to: "a"))
        tree.put(Self.shortcut("one", in: "root", to: "p"))
        tree.put(Self.folder("p", in: "elsewhere"))
        tree.settle()
        tree.put(Self.shortcut("two", in: "p", to: "q"))
        tree.put(Self.folder("q", in: "elsewhere"))
        tree.settle()
        tree.put(Self.shortcut("back", in: "q", to: "p"))
        tree.put(Self.file("deep", in: "q"))
        _ = tree.takeTouched()
        #expect(tree.path(ofFile: "deep") == "one/two/deep")
        #expect(tree.path(ofFile: "z") == "a/b/z")
    }

    @Test func aTargetThatCannotBeHadIsAskedForOnce() {
        var tree = self.tree()
        tree.put(Self.shortcut("s", in: "root", to: "t"))
        tree.settle()
        tree.didMiss(target: "t")
        #expect(tree.missingTargets.isEmpty)
    }

    @Test func aTargetThatCouldNotBeHadIsAskedForAgainByTheNextShortcut() {
        var tree = self.tree()
        tree.put(Self.shortcut("s", in: "root", to: "t"))
        tree.settle()
        tree.didMiss(target: "t")
        // The shortcut leaves, its target comes back where nobody is told, the shortcut returns.
        tree.put(Self.shortcut("s", in: "elsewhere", to: "t"))
        tree.put(Self.file("t", in: "elsewhere"))
        tree.put(Self.shortcut("s", in: "a", to: "t"))
        tree.settle()
        #expect(tree.missingTargets == ["t"])
    }

    @Test func foldersThatAreLeftAloneAreNotListed() {
        var tree = DriveTree(roots: [DriveTree.Root(id: "root", prefix: "My Drive/")]) { $0 != "My Drive/private" }
        tree.settle()
        tree.put(Self.folder("p", in: "root", name: "private"))
        tree.put(Self.file("x", in: "root", name: "a/b"))
        tree.didList("root")
        tree.settle()
        #expect(tree.unlistedFolders.isEmpty)
        #expect(tree.path(ofFile: "x") == "My Drive/a\u{2215}b")
    }

    @Test(arguments: [
        "https://drive.google.com/file/d/a/view?usp=drivesdk", "https://drive.google.com/file/d/b/view?usp=drivesdk",
        "https://docs.google.com/document/d/a/edit?usp=drivesdk", "", nil,
    ])
    func whatIsKeptBrieflyIsTheSame(_ link: String?) {
        var file = DriveFile(id: "a", name: "a", mimeType: "text/plain", parents: ["root"], webViewLink: link)
        file.driveID = "0Drive"
        let keyed = DriveFile(id: "k", name: "k", mimeType: "text/plain", parents: ["root"], resourceKey: "key")
        var tree = DriveTree(roots: [.init(id: "root")]) { _ in true }
        tree.settle()
        for item in [file, keyed, Self.shortcut("s", in: "root", to: "a", key: "other")] { tree.put(item) }
        #expect(tree.file("a") == file && tree.file("a")?.webViewLink == link)
        #expect(tree.file("k")?.resourceKey == "key" && tree.file("k")?.shortcut == nil)
        #expect(tree.file("s")?.shortcut?.targetResourceKey == "other" && tree.file("s")?.resourceKey == nil)
    }
}
