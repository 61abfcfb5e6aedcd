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
            "cannot trust '/srv/docs': it is empty and had 12 documents before; mount it if its "
            + "disk is missing, or put any file into it, even a hidden one, if it was emptied on purpose"
        #expect(self.watch.drain(after: .seconds(1)) == ["started", message])
        self.watch.folder = full
        #expect(self.watch.drain(after: .seconds(60)) == ["started", "finished"])
    }

    @Test mutating func fileInAnEmptyFolderLetsAPersonDecide() throws {
        self.watch = try self.restarted()
        self.watch.folder = SimulatedFolder()
        _ = self.watch.drain(after: .seconds(1))
        self.watch.folder.write("new", size: 99)
        self.watch.event("", .created, "new")
        let said = self.watch.drain(after: .seconds(5))
        #expect(said.filter { $0.hasPrefix("held") }.count == 12)
        #expect(self.watch.ids.count == 13)
    }

    @Test mutating func folderThatIsEmptiedBeforeOurEyesLetsAPersonDecide() {
        self.watch.folder = SimulatedFolder()
        #expect(self.watch.drain(after: .seconds(60)).filter { $0.hasPrefix("held") }.count == 12)
        #expect(self.watch.documents.count == 12)
    }

    @Test mutating func lastFileOfAFolderThatIsDeletedBeforeOurEyesIsRemoved() throws {
        self.watch = SimulatedWatch(filter: try FileFilter())
        self.watch.folder.write("a")
        _ = self.watch.drain()
        self.watch.folder.files = [:]
        #expect(self.watch.drain(after: .seconds(60)) == ["started", "removed a", "finished"])
    }

    /// A mount point without its disk, on the same file system as before: a bind mount that is gone.
    @Test mutating func otherDirectoryInTheFoldersPlaceLosesNothing() throws {
        let full = self.watch.folder
        self.watch.folder = SimulatedFolder()
        self.watch.folder.inode = 77
        self.watch.folder.write("stray", size: 99)
        let said = self.watch.drain(after: .seconds(60))
        #expect(said.filter { $0.hasPrefix("removed") } == [])
        #expect(said.filter { $0.hasPrefix("held") }.count == 12)
        #expect(said.last?.hasPrefix("cannot trust '/srv/docs': another directory or file system") == true)
        self.watch.folder = full
        let back = self.watch.drain(after: .seconds(60))
        #expect(back.filter { $0.hasPrefix("released") }.count == 12)
        #expect(back.last == "finished")
    }

    /// The disk is missing at the start, and its mount point is not even empty.
    @Test(arguments: [6, 12]) mutating func diskThatIsMissingAtTheStartLosesNothing(_ count: Int) throws {
        let known = Array(self.watch.documents.values.sorted { $0.path < $1.path }.prefix(count))
        self.watch = SimulatedWatch(known: known, filter: try FileFilter())
        self.watch.folder.directories = ["d", "e"]
        self.watch.folder.devices[""] = 9
        self.watch.folder.write("stray", size: 99)
        let said = self.watch.drain(after: .seconds(1))
        #expect(said.filter { $0.hasPrefix("removed") } == [])
        #expect(said.filter { $0.hasPrefix("held") }.count == count)
        #expect(said.last?.hasPrefix("cannot trust '/srv/docs': another directory or file system") == true)
    }

    /// The disk is missing at the start, and so are the directories that were on it.
    @Test mutating func bareMountPointAtTheStartLosesNothing() throws {
        self.watch = SimulatedWatch(known: Array(self.watch.documents.values), filter: try FileFilter())
        self.watch.folder.devices[""] = 9
        self.watch.folder.write("not-mounted", size: 99)
        let said = self.watch.drain(after: .seconds(1))
        #expect(said.filter { $0.hasPrefix("removed") } == [])
        #expect(said.filter { $0.hasPrefix("held") }.count == 12)
        #expect(said.last?.hasPrefix("cannot trust '/srv/docs': another directory or file system") == true)
        #expect(self.watch.drain(after: .seconds(60)).last == said.last, "the stray file is known by now")
    }

    /// Nine files of a hundred are on a disk of their own, which is not there: so few would be removed at once.
    @Test(arguments: [false, true], [1, 9] as [UInt64])
    mutating func disksThatAreMountedInOneAreJudgedForThemselves(isRestarted: Bool, outer: UInt64) throws {
        self.watch = SimulatedWatch(filter: try FileFilter())
        for number in 0..<91 { self.watch.folder.write("main/\(number)") }
        for number in 0..<9 { self.watch.folder.write("mnt/sub/\(number)") }
        self.watch.folder.devices["mnt"] = 2
        for number in 0..<9 { self.watch.folder.files["mnt/sub/\(number)"]?.device = 2 }
        _ = self.watch.drain(after: .seconds(1))
        if isRestarted { self.watch = try self.restarted() }

        // The outer one may have another number after a restart of the machine; it shows its files.
        self.watch.folder.devices = ["": outer]
        for path in self.watch.folder.files.keys {
            if path.hasPrefix("mnt") { self.watch.folder.files[path] = nil }
            self.watch.folder.files[path]?.device = outer
        }
        self.watch.folder.directories.remove("mnt/sub")
        let said = self.watch.drain(after: .seconds(60))
        #expect(said.filter { $0.hasPrefix("removed") } == [])
        #expect(said.filter { $0.hasPrefix("held mnt/sub/") }.count == 9)
        #expect(said.last?.hasPrefix("cannot trust '/srv/docs/mnt': another directory or file system") == true)
    }

    @Test mutating func confirmedDeletionEndsTheProblemOfAMissingDisk() throws {
        self.watch.folder.files = self.watch.folder.files.filter { $0.key.hasPrefix("e/") }
        self.watch.folder.devices["d"] = 2
        #expect(self.watch.drain(after: .seconds(60)).filter { $0.hasPrefix("held d/") }.count == 6)
        #expect(self.watch.drain(after: .seconds(60)).last?.hasPrefix("cannot trust '/srv/docs/d'") == true)
        let ids = self.watch.documents.values.filter { $0.path.hasPrefix("d/") }.map(\.id)
        self.watch.decide(.removed(ids))
        #expect(self.watch.drain(after: .seconds(1)) == ["started", "finished"])
    }

    @Test mutating func fileSystemThatIsNotThereLosesNothing() {
        let full = self.watch.folder
        self.watch.folder.files = self.watch.folder.files.filter { $0.key == "e/5" }
        self.watch.folder.devices["d"] = 2
        let said = self.watch.drain(after: .seconds(60))
        #expect(said.filter { $0.hasPrefix("removed e/") }.count == 5)
        #expect(said.filter { $0.hasPrefix("held d/") }.count == 6)
        #expect(
            said.last == "cannot trust '/srv/docs/d': another directory or file system is there than before and it has "
                + "none of its documents; mount the right one, or run 'corpusd deletions confirm' if the documents are "
                + "meant to go"
        )
        self.watch.folder = full
        #expect(self.watch.drain(after: .seconds(60)).last == "finished")
        #expect(self.watch.documents.count == 12)
    }

    /// No check is due for long when the kernel tells that the disk is gone.
    @Test mutating func fileSystemThatIsUnmountedIsMissedAtOnce() {
        self.watch.folder.files = self.watch.folder.files.filter { $0.key.hasPrefix("e/") }
        self.watch.folder.devices["d"] = 2
        self.watch.event("d", .unmounted, "")
        let said = self.watch.drain(after: .seconds(1))
        #expect(said.filter { $0.hasPrefix("held d/") }.count == 6)
        #expect(said.last?.hasPrefix("cannot trust '/srv/docs/d'") == true)
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
