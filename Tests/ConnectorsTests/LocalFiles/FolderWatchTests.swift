import Connectors
import Ingest
import Testing

@Suite("Folder watch")
struct FolderWatchTests {
    private var watch: SimulatedWatch

    init() throws { self.watch = SimulatedWatch(filter: try FileFilter()) }

    /// The same folder under a new watch that knows what the old one has offered.
    private func restarted() throws -> SimulatedWatch {
        var next = SimulatedWatch(known: Array(self.watch.documents.values), filter: try FileFilter())
        next.folder = self.watch.folder
        return next
    }

    @Test mutating func firstCheckOffersEverything() {
        self.watch.folder.write("a")
        self.watch.folder.write("d/e/b")
        #expect(self.watch.drain() == ["started", "upserted a", "upserted d/e/b", "finished"])
        #expect(self.watch.drain(after: .seconds(59)) == [])
        #expect(self.watch.drain(after: .seconds(1)) == ["started", "finished"])
        let document = self.watch.documents.values.first { $0.path == "d/e/b" }
        #expect(document?.name == "b")
        #expect(document?.url == "file:///srv/docs/d/e/b")
        #expect(document?.fingerprint == "1:0:101:1")
        #expect(document?.id.file.utf8.count == 32)
    }

    @Test mutating func restartOffersNothing() throws {
        for number in 0..<200 { self.watch.folder.write("d\(number % 7)/\(number)") }
        #expect(self.watch.drain().count == 202)
        var next = try self.restarted()
        #expect(next.drain() == ["started", "finished"])
    }

    @Test mutating func ledgerOfAMovedFolderIsOfferedWithNewAddressesAndOldIDs() throws {
        self.watch.folder.write("d/a")
        _ = self.watch.drain()
        let ids = self.watch.ids
        var known = Array(self.watch.documents.values)
        known[0].url = "file:///old/place/d/a"
        var next = SimulatedWatch(known: known, filter: try FileFilter())
        next.folder = self.watch.folder
        #expect(next.drain() == ["started", "upserted d/a", "finished"])
        #expect(next.ids == ids)
        #expect(next.documents.values.first?.url == "file:///srv/docs/d/a")
    }

    @Test mutating func moveWhileNobodyWatchedKeepsTheID() throws {
        self.watch.folder.write("z/a")
        self.watch.folder.write("b")
        _ = self.watch.drain()
        let ids = self.watch.ids
        self.watch.folder.move("z/a", to: "a/new")
        self.watch.folder.directories.insert("a")
        var next = try self.restarted()
        #expect(next.drain() == ["started", "upserted a/new", "finished"])
        #expect(next.ids == ["a/new": ids["z/a"], "b": ids["b"]])
    }

    @Test mutating func fileAtTheOldPathOfAMovedOneIsNew() throws {
        self.watch.folder.write("a")
        _ = self.watch.drain()
        let old = self.watch.ids["a"]
        self.watch.folder.move("a", to: "b")
        self.watch.folder.write("a", size: 9)
        var next = try self.restarted()
        #expect(next.drain() == ["started", "upserted b", "upserted a", "finished"])
        #expect(next.ids["b"] == old)
        #expect(next.ids["a"] != old)
    }

    @Test mutating func fileReplacedWhileNobodyWatchedKeepsTheIDOfItsPath() throws {
        self.watch.folder.write("a")
        _ = self.watch.drain()
        let ids = self.watch.ids
        self.watch.folder.files["a"] = nil
        self.watch.folder.write("a", size: 9)
        var next = try self.restarted()
        #expect(next.drain() == ["started", "upserted a", "finished"])
        #expect(next.ids == ids)
    }

    @Test mutating func hardLinkIsAnotherDocument() {
        self.watch.folder.write("a")
        _ = self.watch.drain()
        self.watch.folder.files["b"] = self.watch.folder.files["a"]
        self.watch.event("", .created, "b")
        #expect(self.watch.drain(after: .seconds(3)) == ["upserted b"])
        #expect(Set(self.watch.ids.values).count == 2)
    }

    @Test mutating func deletedFileIsRemoved() {
        self.watch.folder.write("a")
        _ = self.watch.drain()
        self.watch.folder.files["a"] = nil
        self.watch.event("", .deleted, "a")
        #expect(self.watch.drain(after: .milliseconds(199)) == [])
        #expect(self.watch.drain(after: .milliseconds(1)) == ["removed a"])
    }

    @Test mutating func deletionIsFoundByTheCheckToo() throws {
        self.watch.folder.write("a")
        self.watch.folder.write("b")
        _ = self.watch.drain()
        self.watch.folder.files["a"] = nil
        #expect(self.watch.drain(after: .seconds(60)) == ["started", "removed a", "finished"])
    }

    @Test mutating func renameKeepsTheIDEvenIfTheContentChangesAtOnce() {
        self.watch.folder.write("a")
        _ = self.watch.drain()
        let id = self.watch.ids["a"]
        self.watch.folder.move("a", to: "b")
        self.watch.folder.write("b", modified: 5)
        self.watch.event("", .movedFrom, "a", cookie: 1)
        self.watch.event("", .movedTo, "b", cookie: 1)
        #expect(self.watch.drain(after: .milliseconds(50)) == ["upserted b"])
        #expect(self.watch.ids == ["b": id])
    }

    @Test mutating func renameOverAKnownFileKeepsTheIDOfItsPath() {
        self.watch.folder.write("a")
        self.watch.folder.write("new")
        _ = self.watch.drain()
        let id = self.watch.ids["a"]
        self.watch.folder.move("new", to: "a")
        self.watch.event("", .movedFrom, "new", cookie: 1)
        self.watch.event("", .movedTo, "a", cookie: 1)
        #expect(self.watch.drain(after: .seconds(1)) == ["removed new", "upserted a"])
        #expect(self.watch.ids == ["a": id])
    }

    @Test mutating func renamedDirectoryOffersItsFilesUnderTheirOldIDs() {
        self.watch.folder.write("d/a")
        self.watch.folder.write("d/e/b")
        _ = self.watch.drain()
        let ids = self.watch.ids
        self.watch.folder.move("d/a", to: "n/a")
        self.watch.folder.move("d/e/b", to: "n/e/b")
        self.watch.folder.directories = ["n", "n/e"]
        self.watch.event("", [.movedFrom, .isDirectory], "d", cookie: 1)
        self.watch.event("", [.movedTo, .isDirectory], "n", cookie: 1)
        #expect(self.watch.drain(after: .seconds(1)) == ["upserted n/a", "upserted n/e/b"])
        #expect(self.watch.ids == ["n/a": ids["d/a"], "n/e/b": ids["d/e/b"]])
        #expect(self.watch.drain(after: .seconds(60)) == ["started", "finished"])
    }

    @Test mutating func deletedDirectoryRemovesWhatWasInIt() {
        self.watch.folder.write("d/a")
        self.watch.folder.write("d/e/b")
        self.watch.folder.write("dd")
        _ = self.watch.drain()
        self.watch.folder.files = self.watch.folder.files.filter { $0.key == "dd" }
        self.watch.folder.directories = []
        self.watch.event("", [.deleted, .isDirectory], "d")
        #expect(Set(self.watch.drain(after: .seconds(1))) == ["removed d/a", "removed d/e/b"])
    }

    /// What an event speaks of may by now be another file, in a directory that is not watched yet.
    @Test mutating func fileThatGoesBeforeItsDirectoryIsWatchedIsRemoved() {
        self.watch.folder.write("d/a")
        _ = self.watch.drain()
        self.watch.event("d", .modified, "b")
        self.watch.event("", [.movedFrom, .isDirectory], "d", cookie: 1)
        self.watch.folder.files["d/a"] = nil
        self.watch.folder.write("d/b")
        #expect(self.watch.drain(after: .seconds(3)) == ["removed d/a", "upserted d/b"])
        self.watch.folder.files["d/b"] = nil
        self.watch.event("", [.movedTo, .isDirectory], "d", cookie: 2)
        #expect(self.watch.drain() == ["removed d/b"])
    }

    @Test mutating func savingByWritingANewFileIsOneOffer() {
        self.watch.folder.write("a")
        _ = self.watch.drain()
        self.watch.folder.write("a.new", size: 7)
        self.watch.event("", .created, "a.new")
        self.watch.event("", .closedAfterWriting, "a.new")
        #expect(self.watch.drain(after: .milliseconds(20)) == [])
        self.watch.folder.move("a.new", to: "a")
        self.watch.event("", .movedFrom, "a.new", cookie: 1)
        self.watch.event("", .movedTo, "a", cookie: 1)
        #expect(self.watch.drain(after: .seconds(5)) == ["upserted a"])
        #expect(self.watch.documents.values.first?.size == 7)
    }

    @Test mutating func savingWithABackupKeepsTheID() {
        self.watch.folder.write("a")
        _ = self.watch.drain()
        let ids = self.watch.ids
        self.watch.folder.move("a", to: "a~")
        self.watch.event("", .movedFrom, "a", cookie: 1)
        self.watch.event("", .movedTo, "a~", cookie: 1)
        self.watch.folder.write("a", size: 7)
        self.watch.event("", .created, "a")
        self.watch.event("", .closedAfterWriting, "a")
        #expect(self.watch.drain(after: .seconds(5)) == ["upserted a"])
        #expect(self.watch.ids == ids)
    }

    @Test mutating func fileFoundWhileItIsBeingWrittenWaitsUntilItIsQuiet() {
        self.watch.folder.write("a", modified: 1_000_000_000_000 - 1)
        #expect(self.watch.drain() == ["started", "finished"])
        #expect(self.watch.drain(after: .milliseconds(1_999)) == [])
        #expect(self.watch.drain(after: .milliseconds(1)) == ["upserted a"])
    }

    @Test mutating func lostEventsAreMadeUpForByACheck() {
        _ = self.watch.drain(after: .seconds(1))
        self.watch.folder.write("d/a")
        self.watch.overflow()
        #expect(self.watch.drain() == ["started", "upserted d/a", "finished"])
    }

    @Test mutating func checksThatEventsAskForKeepTheirDistance() {
        #expect(self.watch.drain() == ["started", "finished"])
        self.watch.overflow()
        #expect(self.watch.drain(after: .milliseconds(499)) == [])
        #expect(self.watch.drain(after: .milliseconds(1)) == ["started", "finished"])
    }

    @Test mutating func tooManyPendingFilesAreMadeUpForByACheck() throws {
        self.watch = SimulatedWatch(filter: try FileFilter(), pendingLimit: 4)
        _ = self.watch.drain(after: .seconds(1))
        for number in 0..<20 {
            self.watch.folder.write("\(number)")
            self.watch.event("", .created, "\(number)")
        }
        let said = self.watch.drain(after: .seconds(5))
        #expect(said.filter { $0.hasPrefix("upserted") }.count == 20)
        #expect(self.watch.documents.count == 20)
    }

    @Test mutating func fileThatIsNoLongerAdmittedIsRemoved() throws {
        self.watch.folder.write("old/a")
        self.watch.folder.write("b")
        _ = self.watch.drain()
        var next = SimulatedWatch(
            known: Array(self.watch.documents.values),
            filter: try FileFilter(exclude: ["old/**"])
        )
        next.folder = self.watch.folder
        #expect(next.drain() == ["started", "removed old/a", "finished"])
    }

    @Test mutating func entryThatCannotBeUnderstoodIsRemoved() throws {
        let documents = [("../up", "a"), ("a", "not an id"), ("a", "00000000000000000000000000000001")].map {
            path, id in
            SourceDocument(
                id: DocumentID(pipeline: PipelineID("docs"), file: id),
                name: path,
                path: path,
                url: "file:///srv/docs/\(path)",
                size: 1,
                fingerprint: "?"
            )
        }
        var next = SimulatedWatch(known: documents, filter: try FileFilter())
        next.folder.write("a")
        #expect(next.drain() == ["removed ../up", "removed a", "started", "upserted a", "finished"])
        #expect(next.ids == ["a": "00000000000000000000000000000001"])
    }
}
