import Connectors
import Ingest
import SystemPackage
import Testing

/// Files that may not be read, until somebody allows it.
@Suite("Folder watch: unreadable files")
struct FolderSecretTests {
    private var watch: SimulatedWatch

    init() throws {
        self.watch = SimulatedWatch(filter: try FileFilter())
        for path in ["a", "d/b", "d/e/c", "open"] { self.watch.folder.write(path) }
        self.watch.folder.secrets = ["a", "d/b", "d/e/c"]
        _ = self.watch.drain()
    }

    @Test mutating func areTriedAgainByEveryCheckWithoutEnd() {
        for _ in 0..<20 {
            #expect(self.watch.drain(after: .seconds(60)) == ["started", "finished"])
            #expect(self.watch.probes.sorted() == ["a", "d/b", "d/e/c"])
        }
        self.watch.folder.secrets.remove("d/b")
        #expect(self.watch.drain(after: .seconds(60)) == ["started", "upserted d/b", "finished"])
        #expect(self.watch.drain(after: .seconds(60)) == ["started", "finished"], "it has been read")
        #expect(self.watch.probes.sorted() == ["a", "d/e/c"])
    }

    @Test mutating func areOfferedWhenTheirOwnAttributesChange() {
        self.watch.folder.secrets.remove("a")
        self.watch.folder.change("a", at: 5)
        self.watch.event("", .attributes, "a")
        #expect(self.watch.drain() == ["upserted a"], "at once")
        #expect(self.watch.drain(after: .seconds(5)) == [], "and once")
    }

    @Test mutating func othersAreNotTriedForTheirAttributes() {
        self.watch.event("", .attributes, "open")
        #expect(self.watch.drain(after: .seconds(5)) == [])
        #expect(self.watch.probes == [])
    }

    @Test(arguments: ["", "d"]) mutating func areOfferedWhenADirectoryAboveChanges(_ directory: String) {
        self.watch.folder.secrets = []
        if directory.isEmpty {
            self.watch.event("", [.attributes, .isDirectory], "")
            #expect(Set(self.watch.drain()) == ["upserted a", "upserted d/b", "upserted d/e/c"])
        } else {
            self.watch.event("", [.attributes, .isDirectory], "d")
            #expect(Set(self.watch.drain()) == ["upserted d/b", "upserted d/e/c"])
        }
    }

    @Test mutating func areKnownToBeSoAfterARestart() throws {
        let failure = DocumentFailure(type: "FileUnreadable", message: "", stage: .extraction, isRetryable: true)
        var next = SimulatedWatch(
            known: Array(self.watch.documents.values),
            filter: try FileFilter(),
            state: .failed(failure, attempt: 5, nextAttemptAt: nil)
        )
        next.folder = self.watch.folder
        next.folder.secrets.remove("open")
        #expect(next.drain() == ["started", "upserted open", "finished"])
        next.folder.secrets = []
        let said = next.drain(after: .seconds(60)).dropFirst().dropLast()
        #expect(said.sorted() == ["upserted a", "upserted d/b", "upserted d/e/c"])
    }

    @Test mutating func staySoWhenTheyAreRenamed() {
        self.watch.folder.move("a", to: "n")
        self.watch.folder.secrets = ["n"]
        self.watch.event("", .movedFrom, "a", cookie: 1)
        self.watch.event("", .movedTo, "n", cookie: 1)
        #expect(self.watch.drain(after: .seconds(1)) == ["upserted n"])
        self.watch.folder.secrets = []
        self.watch.event("", .attributes, "n")
        #expect(self.watch.drain() == ["upserted n"])
    }

    /// Written, and closed in before anybody has looked.
    @Test mutating func writeThatADirectoryHidesIsSeenWhenItOpens() {
        self.watch.folder.write("d/e/f", size: 9)
        self.watch.event("d/e", .created, "f")
        self.watch.event("d/e", .closedAfterWriting, "f")
        self.watch.folder.errors["d/e"] = .permissionDenied
        #expect(self.watch.drain(after: .seconds(1)) == [])
        self.watch.folder.errors = [:]
        self.watch.event("", [.attributes, .isDirectory], "d")
        #expect(self.watch.drain(after: .seconds(1)).contains("upserted d/e/f"))
    }

    /// The directory was read before, and then could not be for a while.
    @Test mutating func directoryThatCanBeReadAgainIsReadAtOnce() {
        self.watch.folder.errors["d"] = .permissionDenied
        #expect(self.watch.drain(after: .seconds(60)).count == 3)
        self.watch.folder.errors = [:]
        self.watch.folder.write("d/new")
        self.watch.event("", [.attributes, .isDirectory], "d")
        #expect(self.watch.drain(after: .seconds(1)).contains("upserted d/new"))
    }
}
