import Connectors
import Ingest
import SystemPackage
import Testing

/// Directories of which inotify says too little.
@Suite("Folder watch: polled directories")
struct FolderPollTests {
    private var watch: SimulatedWatch

    /// Three watches for five directories.
    init() throws {
        self.watch = SimulatedWatch(filter: try FileFilter())
        self.watch.watchLimit = 3
        for directory in ["a", "b", "c", "c/d"] { self.watch.folder.write("\(directory)/file") }
        _ = self.watch.drain(after: .seconds(1))
    }

    private var blind: [String] { ["a", "b", "c", "c/d"].filter { self.watch.watches[RelativePath($0)] == nil } }

    @Test mutating func unwatchedDirectoriesAreCounted() {
        #expect(self.watch.unwatched == FolderWatch.Unwatched(count: 2, directories: 5))
        self.watch.watchLimit = 100
        _ = self.watch.drain(after: .seconds(60))
        #expect(self.watch.unwatched == FolderWatch.Unwatched(count: 0, directories: 5))
        #expect(self.watch.drain(after: .seconds(50)) == [])
        #expect(self.watch.reads == [])
    }

    @Test mutating func changesInThemAreFoundBeforeTheNextCheck() {
        let directory = self.blind[0]
        self.watch.folder.write("\(directory)/new")
        self.watch.folder.write("\(directory)/deeper/down/new")
        let said = self.watch.drain(after: .seconds(10))
        #expect(Set(said) == ["upserted \(directory)/new", "upserted \(directory)/deeper/down/new"])
        self.watch.folder.files["\(directory)/new"] = nil
        #expect(self.watch.drain(after: .seconds(10)) == ["removed \(directory)/new"])
    }

    @Test mutating func onlyTheyAreReadAgain() {
        _ = self.watch.drain(after: .seconds(10))
        #expect(Set(self.watch.reads).isSuperset(of: self.blind))
        #expect(!self.watch.reads.contains(""))
    }

    @Test mutating func directoryThatGoesIsForgotten() {
        let directory = self.blind[0]
        self.watch.folder.files = self.watch.folder.files.filter {
            !RelativePath($0.key).isWithin(RelativePath(directory))
        }
        self.watch.folder.directories = self.watch.folder.directories.filter {
            !RelativePath($0).isWithin(RelativePath(directory))
        }
        let said = self.watch.drain(after: .seconds(10))
        #expect(said.contains("removed \(directory)/file"))
        _ = self.watch.drain(after: .seconds(10))
        #expect(!self.watch.reads.contains(directory))
    }

    @Test mutating func directoryThatCannotBeReadLosesNothing() {
        let directory = self.blind[0]
        self.watch.folder.errors[directory] = .permissionDenied
        self.watch.folder.files["\(directory)/file"] = nil
        #expect(self.watch.drain(after: .seconds(10)) == [])
        #expect(self.watch.documents.count == 4)
    }

    @Test mutating func moveBetweenPolledAndWatchedKeepsTheID() {
        let id = self.watch.ids["\(self.blind[0])/file"]
        self.watch.folder.move("\(self.blind[0])/file", to: "\(self.blind[1])/moved")
        #expect(self.watch.drain(after: .seconds(10)) == ["upserted \(self.blind[1])/moved"])
        #expect(self.watch.ids["\(self.blind[1])/moved"] == id)
    }

    @Test mutating func oneFullCheckAMinuteGoesOn() {
        let said = self.watch.drain(after: .seconds(60))
        #expect(said == ["started", "finished"])
    }
}
