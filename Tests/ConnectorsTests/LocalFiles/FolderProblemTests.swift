import Connectors
import Ingest
import SystemPackage
import Testing

@Suite("Folder problems")
struct FolderProblemTests {
    private var watch: SimulatedWatch

    /// Twelve files in two directories, known and checked.
    init() throws {
        self.watch = SimulatedWatch(filter: try FileFilter())
        for number in 0..<6 {
            self.watch.folder.write("d/\(number)")
            self.watch.folder.write("e/\(number)")
        }
        _ = self.watch.drain(after: .seconds(1))
    }

    private func restarted() throws -> SimulatedWatch {
        var next = SimulatedWatch(known: Array(self.watch.documents.values), filter: try FileFilter())
        next.folder = self.watch.folder
        return next
    }

    @Test(arguments: [
        (
            Errno.noSuchFileOrDirectory,
            "cannot watch '/srv/docs': no such directory; create it, mount it, or correct 'path'"
        ),
        (.notDirectory, "cannot watch '/srv/docs': it is not a directory; correct 'path'"),
        (
            .permissionDenied,
            "cannot read '/srv/docs': user 'corpusd' may not; run 'setfacl -R -m u:corpusd:rX /srv/docs'"
        ),
        (.ioError, "cannot read '/srv/docs': input/output error; check the disk and the system log"),
    ])
    mutating func folderThatCannotBeOpenedLosesNothing(_ code: Errno, _ message: String) {
        self.watch.folder.errors[""] = code
        self.watch.event("", .selfDeleted, "")
        #expect(self.watch.drain(after: .seconds(1)) == ["started", message])
        #expect(self.watch.watches.isEmpty)
        #expect(self.watch.drain(after: .seconds(60)) == ["started", message])
        self.watch.folder.errors = [:]
        self.watch.folder.files["d/0"] = nil
        #expect(self.watch.drain(after: .seconds(60)) == ["started", "removed d/0", "finished"])
        #expect(self.watch.documents.count == 11)
    }

    @Test mutating func folderThatGoesWhileFilesAreLookedAtLosesNothing() {
        self.watch.event("d", .deleted, "0")
        self.watch.folder.errors[""] = .noSuchFileOrDirectory
        let message = "cannot watch '/srv/docs': no such directory; create it, mount it, or correct 'path'"
        #expect(self.watch.drain(after: .seconds(1)) == [message])
    }

    @Test mutating func directoryThatCannotBeReadLosesNothing() {
        self.watch.folder.errors["d"] = .permissionDenied
        self.watch.folder.files["d/0"] = nil
        self.watch.folder.files["e/0"] = nil
        let message = "cannot read '/srv/docs/d': user 'corpusd' may not; run 'setfacl -R -m u:corpusd:rX /srv/docs/d'"
        #expect(self.watch.drain(after: .seconds(60)) == ["started", "removed e/0", "finished", message])
        self.watch.folder.errors["e"] = .ioError
        #expect(
            self.watch.drain(after: .seconds(60)) == ["started", "finished", message + " (and 1 more directory)"]
        )
        self.watch.folder.errors = [:]
        #expect(self.watch.drain(after: .seconds(60)) == ["started", "removed d/0", "finished"])
    }

    @Test mutating func directoryThatCanBeReadAgainIsReadAtOnce() throws {
        self.watch.folder.errors["d"] = .permissionDenied
        self.watch = try self.restarted()
        #expect(self.watch.drain(after: .seconds(1)).count == 3)
        self.watch.folder.errors = [:]
        self.watch.event("", [.attributes, .isDirectory], "d")
        #expect(self.watch.drain() == ["started", "finished"])
    }

    @Test mutating func emptyFolderAfterAStartLooksLikeAMissingDisk() throws {
        let full = self.watch.folder
        self.watch = try self.restarted()
        self.watch.folder = SimulatedFolder()
        let message =
            "cannot trust '/srv/docs': it is empty although 12 documents of it are known; mount it if its "
            + "disk is missing, or put any file into it, even a hidden one, if it was emptied on purpose"
        #expect(self.watch.drain(after: .seconds(1)) == ["started", message])
        self.watch.folder = full
        #expect(self.watch.drain(after: .seconds(60)) == ["started", "finished"])
    }

    @Test mutating func fileInAnEmptyFolderConfirmsThatItWasEmptied() throws {
        self.watch = try self.restarted()
        self.watch.folder = SimulatedFolder()
        _ = self.watch.drain(after: .seconds(1))
        self.watch.folder.write("new")
        self.watch.event("", .created, "new")
        let said = self.watch.drain(after: .seconds(5))
        #expect(said.filter { $0.hasPrefix("removed") }.count == 12)
        #expect(self.watch.ids.keys.sorted() == ["new"])
    }

    @Test mutating func folderThatIsEmptiedBeforeOurEyesIsBelieved() {
        self.watch.folder = SimulatedFolder()
        #expect(self.watch.drain(after: .seconds(60)).count == 14)
        #expect(self.watch.documents.isEmpty)
    }

    @Test mutating func fileSystemThatIsNotThereLosesNothing() {
        let full = self.watch.folder
        self.watch.folder = SimulatedFolder()
        self.watch.folder.directories = ["d", "e"]
        self.watch.folder.devices["d"] = 2
        let said = self.watch.drain(after: .seconds(60))
        #expect(said.filter { $0.hasPrefix("removed") }.count == 6)
        #expect(
            said.last == "cannot trust '/srv/docs/d': another file system is there than before and known documents are "
                + "missing on it; mount the right one, or restart the daemon if the documents are meant to go"
        )
        self.watch.folder = full
        #expect(self.watch.drain(after: .seconds(60)).last == "finished")
        #expect(self.watch.documents.count == 12)
    }

    @Test mutating func anotherFileSystemWithTheSameFilesIsAccepted() {
        self.watch.folder.devices[""] = 2
        for path in self.watch.folder.files.keys { self.watch.folder.files[path]?.device = 2 }
        let said = self.watch.drain(after: .seconds(60))
        #expect(said.filter { $0.hasPrefix("upserted") }.count == 12)
        #expect(said.last == "finished")
        self.watch.folder.files["d/0"] = nil
        #expect(self.watch.drain(after: .seconds(60)) == ["started", "removed d/0", "finished"])
    }
}
