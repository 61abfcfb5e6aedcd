import Connectors
import Testing

@Suite("Watch tree")
struct WatchTreeTests {
    private let start = ContinuousClock.now
    private var tree: WatchTree

    /// The root is watch 1, `d` watch 2, `d/e` watch 3.
    init() throws {
        self.tree = WatchTree(filter: try FileFilter(exclude: ["no/**"]))
        _ = self.tree.bind(.root, watch: 1, device: 7)
        _ = self.tree.bind(RelativePath("d"), watch: 2, device: 7)
        _ = self.tree.bind(RelativePath("d/e"), watch: 3, device: 7)
    }

    private mutating func apply(
        _ watch: Int32,
        _ mask: InotifyEvent.Mask,
        _ name: String = "",
        cookie: UInt32 = 0,
        after milliseconds: Int = 0
    ) -> [WatchTree.Action] {
        let event = InotifyEvent(watch: watch, mask: mask, cookie: cookie, name: Array(name.utf8))
        return self.tree.apply(event, now: self.start + .milliseconds(milliseconds))
    }

    struct Case: CustomTestStringConvertible {
        let name: String
        let watch: Int32
        let mask: InotifyEvent.Mask
        let entry: String
        let actions: [WatchTree.Action]
        var testDescription: String { self.name }

        init(
            _ name: String,
            _ watch: Int32,
            _ mask: InotifyEvent.Mask,
            _ entry: String,
            _ actions: [WatchTree.Action]
        ) {
            self.name = name
            self.watch = watch
            self.mask = mask
            self.entry = entry
            self.actions = actions
        }
    }

    @Test(arguments: [
        Case("a new file", 1, .created, "a", [.changed(RelativePath("a"), .written)]),
        Case("a written file", 2, .modified, "a", [.changed(RelativePath("d/a"), .written)]),
        Case("a closed file", 3, .closedAfterWriting, "a", [.changed(RelativePath("d/e/a"), .completed)]),
        Case("a touched file", 1, .attributes, "a", [.changed(RelativePath("a"), .touched)]),
        Case("a deleted file", 1, .deleted, "a", [.changed(RelativePath("a"), .gone)]),
        Case("a file from elsewhere", 1, .movedTo, "a", [.changed(RelativePath("a"), .completed)]),
        Case("a hidden file", 1, .created, ".a", []),
        Case("a directory", 2, [.created, .isDirectory], "n", [.appeared(RelativePath("d/n"))]),
        Case("a directory from elsewhere", 1, [.movedTo, .isDirectory], "n", [.appeared(RelativePath("n"))]),
        Case("an excluded directory", 1, [.created, .isDirectory], "no", []),
        Case(
            "a directory whose mode changed", 1, [.attributes, .isDirectory], "d",
            [.attributesChanged(RelativePath("d"))]
        ),
        Case("a directory that says so itself too", 2, [.attributes, .isDirectory], "", []),
        Case("the folder's mode changed", 1, [.attributes, .isDirectory], "", [.attributesChanged(.root)]),
        Case("one that can be read now", 1, [.attributes, .isDirectory], "n", [.appeared(RelativePath("n"))]),
        Case("a deleted directory", 1, [.deleted, .isDirectory], "d", [.vanished(RelativePath("d"))]),
        Case("a watch that ended", 2, .watchRemoved, "", []),
        Case("a directory that says so itself", 2, .selfDeleted, "", []),
        Case("the folder deleted", 1, .selfDeleted, "", [.rootChanged]),
        Case("the folder moved", 1, .selfMoved, "", [.rootChanged]),
        Case("the folder unmounted", 1, .unmounted, "", [.rootChanged]),
        Case("a directory unmounted", 2, .unmounted, "", [.unmounted]),
        Case("a watch that nobody knows", 9, .created, "a", []),
        Case("lost events", -1, .overflowed, "", [.overflowed]),
    ])
    mutating func saysWhatAnEventMeans(_ example: Case) {
        let actions = self.apply(example.watch, example.mask, example.entry)
        #expect(Self.sorted(actions) == example.actions)
    }

    @Test mutating func renamedFileIsOneMove() {
        #expect(self.apply(1, .movedFrom, "a", cookie: 5) == [])
        #expect(self.tree.nextDeadline == self.start + .milliseconds(50))
        #expect(
            self.apply(2, .movedTo, "b", cookie: 5, after: 40)
                == [.moved(from: RelativePath("a"), to: RelativePath("d/b"))]
        )
        #expect(self.tree.nextDeadline == nil)
    }

    @Test mutating func fileThatArrivesNowhereIsGone() {
        #expect(self.apply(1, .movedFrom, "a", cookie: 5) == [])
        #expect(self.tree.expire(now: self.start + .milliseconds(49)) == [])
        #expect(self.tree.expire(now: self.start + .milliseconds(50)) == [.changed(RelativePath("a"), .gone)])
        #expect(self.tree.expire(now: self.start + .seconds(1)) == [])
    }

    @Test mutating func renameToAnIgnoredNameIsADeletion() {
        #expect(self.apply(1, .movedFrom, "a", cookie: 5) == [])
        #expect(self.apply(1, .movedTo, "a~", cookie: 5) == [.changed(RelativePath("a"), .gone)])
    }

    @Test mutating func renameFromAnIgnoredNameIsACompleteFile() {
        #expect(self.apply(1, .movedFrom, ".a.tmp", cookie: 5) == [])
        #expect(self.apply(1, .movedTo, "a", cookie: 5) == [.changed(RelativePath("a"), .completed)])
    }

    @Test mutating func renamedDirectoryIsToBeReadUnderItsNewPath() {
        #expect(self.apply(1, [.movedFrom, .isDirectory], "d", cookie: 5) == [])
        #expect(self.apply(3, .modified, "a") == [])
        let actions = self.apply(1, [.movedTo, .isDirectory], "n", cookie: 5)
        #expect(
            Self.sorted(actions)
                == [.unwatch([2, 3]), .movedDirectory(from: RelativePath("d"), to: RelativePath("n"))]
        )
        #expect(!self.tree.isWatched(RelativePath("d/e")))
        #expect(!self.tree.isWatched(RelativePath("n")))
    }

    @Test mutating func directoryThatWasReadBeforeItsRenameWasHeardOfStaysWatched() {
        #expect(self.apply(1, [.movedFrom, .isDirectory], "d", cookie: 5) == [])
        #expect(self.tree.bind(RelativePath("n"), watch: 2, device: 7) == [])
        #expect(
            self.apply(1, [.movedTo, .isDirectory], "n", cookie: 5)
                == [.unwatch([3]), .movedDirectory(from: RelativePath("d"), to: RelativePath("n"))]
        )
        #expect(self.apply(2, .created, "a") == [.changed(RelativePath("n/a"), .written)])
    }

    @Test mutating func successorOfADirectoryThatLeftStaysWatched() {
        #expect(self.apply(1, [.movedFrom, .isDirectory], "d", cookie: 5) == [])
        #expect(self.apply(1, [.movedTo, .isDirectory], "d", cookie: 6) == [.appeared(RelativePath("d"))])
        #expect(self.tree.bind(RelativePath("d"), watch: 8, device: 7) == [])
        let actions = self.tree.expire(now: self.start + .seconds(1))
        #expect(Self.sorted(actions) == [.unwatch([2, 3]), .vanished(RelativePath("d"))])
        #expect(self.apply(8, .created, "a") == [.changed(RelativePath("d/a"), .written)])
    }

    @Test mutating func directoryThatLeavesIsNoLongerWatched() {
        #expect(self.apply(1, [.movedFrom, .isDirectory], "d", cookie: 5) == [])
        let actions = self.tree.expire(now: self.start + .seconds(1))
        #expect(Self.sorted(actions) == [.unwatch([2, 3]), .vanished(RelativePath("d"))])
        #expect(self.apply(2, .created, "a") == [])
        #expect(self.tree.watchCount == 1)
    }

    @Test mutating func watchThatTurnsUpElsewhereFollowsItsDirectory() {
        #expect(self.tree.bind(RelativePath("n"), watch: 2, device: 7) == [])
        #expect(self.apply(2, .created, "a") == [.changed(RelativePath("n/a"), .written)])
        #expect(!self.tree.isWatched(RelativePath("d")))
    }

    @Test mutating func directoryThatWasReplacedLosesItsOldWatch() {
        #expect(self.tree.bind(RelativePath("d"), watch: 8, device: 7) == [.unwatch([2])])
        #expect(self.apply(2, .created, "a") == [])
        #expect(self.apply(8, .created, "a") == [.changed(RelativePath("d/a"), .written)])
    }

    @Test mutating func firstFileSystemIsRemembered() {
        _ = self.tree.bind(RelativePath("d"), watch: 8, device: 9)
        #expect(self.tree.device(of: RelativePath("d")) == 7)
        self.tree.accept(device: 9, of: RelativePath("d"))
        #expect(self.tree.device(of: RelativePath("d")) == 9)
    }

    @Test mutating func onlyTheFolderItselfMattersInTheDirectoryAbove() {
        #expect(Self.sorted(self.tree.unwatchAll()) == [.unwatch([1, 2, 3])])
        self.tree.bindAncestor(watch: 20, name: Array("docs".utf8))
        #expect(self.apply(20, [.created, .isDirectory], "other") == [])
        #expect(self.apply(20, [.created, .isDirectory], "docs") == [.rootChanged])
        #expect(self.tree.unbindAncestor() == [.unwatch([20])])
        #expect(self.apply(20, .created, "docs") == [])
    }

    @Test mutating func directoriesThatAPassHasNotReadAreDropped() {
        self.tree.beginPass()
        _ = self.tree.bind(.root, watch: 1, device: 7)
        #expect(self.tree.endPass { $0 == RelativePath("d") } == [.unwatch([3])])
    }

    @Test mutating func halvesOfRenamesDoNotPileUp() {
        for cookie in UInt32(1)...1_024 { #expect(self.apply(1, .movedFrom, "a\(cookie)", cookie: cookie) == []) }
        #expect(self.apply(1, .movedFrom, "b", cookie: 9_999) == [.changed(RelativePath("b"), .gone)])
    }

    private static func sorted(_ actions: [WatchTree.Action]) -> [WatchTree.Action] {
        actions.map { action in
            if case .unwatch(let watches) = action { .unwatch(watches.sorted()) } else { action }
        }
    }
}
