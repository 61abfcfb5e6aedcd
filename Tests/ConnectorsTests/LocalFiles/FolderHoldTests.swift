import Connectors
import Ingest
import Testing

/// What becomes of files that are gone many at once.
@Suite("Folder watch: held deletions")
struct FolderHoldTests {
    private var watch: SimulatedWatch

    /// A hundred files, known and checked; the first forty in one directory.
    init() throws {
        self.watch = SimulatedWatch(filter: try FileFilter())
        for number in 0..<100 { self.watch.folder.write(Self.path(number)) }
        _ = self.watch.drain(after: .seconds(1))
    }

    private static func path(_ number: Int) -> String { number < 40 ? "d/\(number)" : "\(number)" }

    private mutating func delete(_ numbers: Range<Int>, telling: Bool) {
        for number in numbers {
            self.watch.folder.files[Self.path(number)] = nil
            guard telling else { continue }
            self.watch.event(number < 40 ? "d" : "", .deleted, "\(number)")
        }
    }

    private func count(_ said: [String], _ what: String) -> Int { said.count { $0.hasPrefix(what + " ") } }

    /// At most a fifth goes without asking.
    @Test(arguments: [true, false]) mutating func fifthOfTheFilesIsRemoved(_ telling: Bool) {
        self.delete(0..<20, telling: telling)
        let said = self.watch.drain(after: .seconds(60))
        #expect(self.count(said, "removed") == 20)
        #expect(self.count(said, "held") == 0)
    }

    @Test(arguments: [true, false]) mutating func moreThanAFifthIsHeldWhole(_ telling: Bool) {
        self.delete(0..<21, telling: telling)
        let said = self.watch.drain(after: .seconds(60))
        #expect(self.count(said, "removed") == 0)
        #expect(self.count(said, "held") == 21)
        // Not again by the next check.
        #expect(self.watch.drain(after: .seconds(60)) == ["started", "finished"])
    }

    @Test mutating func removedDirectoryIsHeldWhole() {
        self.watch.folder.files = self.watch.folder.files.filter { !$0.key.hasPrefix("d/") }
        self.watch.folder.directories = []
        self.watch.event("", [.deleted, .isDirectory], "d")
        let said = self.watch.drain(after: .seconds(1))
        #expect(self.count(said, "held") == 40)
        #expect(self.count(said, "removed") == 0)
    }

    @Test mutating func directoryMovedAwayIsHeldWhole() {
        self.watch.folder.files = self.watch.folder.files.filter { !$0.key.hasPrefix("d/") }
        self.watch.folder.directories = []
        self.watch.event("", [.movedFrom, .isDirectory], "d", cookie: 1)
        #expect(self.count(self.watch.drain(after: .seconds(1)), "held") == 40)
    }

    /// `rsync --delete` at work: each deletion comes after the one before has been dealt with.
    @Test mutating func slowDeletionsAreHeldFromAFifthOn() {
        var said: [String] = []
        for number in 0..<60 {
            self.delete(number..<(number + 1), telling: true)
            said += self.watch.drain(after: .milliseconds(500))
        }
        #expect(self.count(said, "removed") == 20)
        #expect(self.count(said, "held") == 40)
    }

    @Test mutating func deletionsFarApartAreRemovedEach() {
        var said: [String] = []
        for number in 0..<60 {
            self.delete(number..<(number + 1), telling: true)
            said += self.watch.drain(after: .seconds(30))
        }
        #expect(self.count(said, "removed") == 60)
        #expect(self.count(said, "held") == 0)
    }

    @Test mutating func singleDeletionIsNotDelayedByFilesThatAreWritten() {
        self.watch.folder.write("new", modified: 1_000_000_000_000)
        self.watch.event("", .modified, "new")
        self.delete(0..<1, telling: true)
        #expect(self.watch.drain(after: .milliseconds(200)) == ["removed d/0"])
    }

    @Test mutating func tenFilesAlwaysGo() throws {
        self.watch = SimulatedWatch(filter: try FileFilter())
        for number in 0..<12 { self.watch.folder.write("\(number)") }
        _ = self.watch.drain(after: .seconds(1))
        for number in 0..<10 { self.watch.folder.files["\(number)"] = nil }
        #expect(self.count(self.watch.drain(after: .seconds(60)), "removed") == 10)
    }

    @Test mutating func filesThatComeBackAreReleased() {
        let full = self.watch.folder
        self.delete(0..<40, telling: true)
        _ = self.watch.drain(after: .seconds(5))
        self.watch.folder = full
        for number in 0..<39 { self.watch.event("d", .movedTo, "\(number)", cookie: UInt32(number)) }
        #expect(self.count(self.watch.drain(after: .seconds(1)), "released") == 39)
        // The last one is seen by the check.
        #expect(self.watch.drain(after: .seconds(60)) == ["started", "released d/39", "finished"])
        self.delete(39..<40, telling: true)
        #expect(self.watch.drain(after: .seconds(61)).first == "removed d/39")
    }

    @Test mutating func filesThatComeBackElsewhereAreReleasedAndKeepTheirIDs() {
        let full = self.watch.folder
        let ids = self.watch.ids
        self.delete(0..<40, telling: true)
        _ = self.watch.drain(after: .seconds(5))
        for number in 0..<40 { self.watch.folder.files["back/\(number)"] = full.files["d/\(number)"] }
        self.watch.folder.directories = ["back"]
        let said = self.watch.drain(after: .seconds(60))
        #expect(self.count(said, "released") == 40)
        #expect(self.count(said, "upserted") == 40)
        #expect(self.watch.ids["back/7"] == ids["d/7"])
    }

    @Test mutating func changedFileThatComesBackIsReleasedAndOffered() {
        self.delete(0..<40, telling: true)
        _ = self.watch.drain(after: .seconds(5))
        let id = self.watch.ids["d/3"]
        self.watch.folder.write("d/3", size: 9)
        self.watch.event("d", .closedAfterWriting, "3")
        #expect(self.watch.drain(after: .seconds(1)) == ["released d/3", "upserted d/3"])
        #expect(self.watch.ids["d/3"] == id)
    }

    @Test(arguments: [HeldDeletion.State.held, .kept])
    mutating func restartKeepsThemOnHold(_ state: HeldDeletion.State) throws {
        self.delete(0..<40, telling: true)
        _ = self.watch.drain(after: .seconds(5))
        let documents = Array(self.watch.documents.values)
        let gone = documents.filter { $0.path.hasPrefix("d/") }.map { ($0.id, state) }
        var next = SimulatedWatch(
            known: documents,
            held: Dictionary(gone, uniquingKeysWith: { first, _ in first }),
            filter: try FileFilter()
        )
        next.folder = self.watch.folder
        #expect(next.drain(after: .seconds(1)) == ["started", "finished"])
        next.folder.write("d/0")
        #expect(next.drain(after: .seconds(60)) == ["started", "released d/0", "upserted d/0", "finished"])
    }

    @Test mutating func decidedFilesAreForgotten() {
        self.delete(0..<40, telling: true)
        _ = self.watch.drain(after: .seconds(5))
        let old = self.watch.ids["d/0"]
        self.watch.decide(.removed(self.watch.documents.values.filter { $0.path.hasPrefix("d/") }.map(\.id)))
        #expect(self.watch.drain(after: .seconds(1)) == ["started", "finished"])
        #expect(self.watch.watch.knownCount == 60)
        self.watch.folder.write("d/0")
        self.watch.event("d", .closedAfterWriting, "0")
        #expect(self.watch.drain(after: .seconds(1)) == ["upserted d/0"])
        #expect(self.watch.ids["d/0"] != old)
    }

    @Test mutating func fileThatCameBackBeforeItsRemovalIsOfferedAgain() {
        let full = self.watch.folder
        self.delete(0..<40, telling: true)
        _ = self.watch.drain(after: .seconds(5))
        let ids = self.watch.documents.values.filter { $0.path.hasPrefix("d/") }.map(\.id)
        self.watch.folder = full
        #expect(self.count(self.watch.drain(after: .seconds(60)), "released") == 40)
        self.watch.decide(.removed(ids))
        #expect(self.count(self.watch.drain(after: .seconds(1)), "upserted") == 40)
    }

    @Test mutating func filesThatAreNoLongerWantedAreNeverHeld() throws {
        self.watch.folder.ignoreFiles[""] = "d/\n"
        self.watch.event("", .closedAfterWriting, ".corpusignore")
        let said = self.watch.drain(after: .seconds(2))
        #expect(self.count(said, "removed") == 40)
        #expect(self.watch.watches.keys.map(\.text) == [""])
        self.watch.folder.ignoreFiles[""] = "d/\n!d/\n"
        self.watch.event("", .movedTo, ".corpusignore", cookie: 4)
        #expect(self.count(self.watch.drain(after: .seconds(2)), "upserted") == 40)
    }

    @Test mutating func withoutALimitEverythingGoes() throws {
        self.watch = SimulatedWatch(
            known: Array(self.watch.documents.values),
            filter: try FileFilter(),
            deletions: DeletionGuard.Limits(share: nil)
        )
        self.watch.folder.write("only", size: 99)
        #expect(self.count(self.watch.drain(after: .seconds(5)), "removed") == 100)
    }
}
