import Connectors
import Ingest
import Testing

/// Files that were written and look as if they had not been: of the same size and time of modification.
@Suite("Folder watch: writes that times hide")
struct FolderSameTimeTests {
    private var watch: SimulatedWatch

    init() throws {
        self.watch = SimulatedWatch(filter: try FileFilter())
        for name in ["a", "b"] {
            self.watch.folder.write(name)
            self.watch.folder.change(name, at: 1)
        }
        _ = self.watch.drain()
    }

    private func restarted() throws -> SimulatedWatch {
        var next = SimulatedWatch(known: Array(self.watch.documents.values), filter: try FileFilter())
        next.folder = self.watch.folder
        return next
    }

    @Test(arguments: [InotifyEvent.Mask.modified, .closedAfterWriting, .created])
    mutating func eventOfAWriteIsBelieved(_ mask: InotifyEvent.Mask) {
        self.watch.event("", mask, "a")
        #expect(self.watch.drain(after: .seconds(3)) == ["upserted a"])
        #expect(self.watch.drain(after: .seconds(3)) == [], "it is offered once")
        #expect(self.watch.drain(after: .seconds(60)) == ["started", "finished"])
    }

    @Test mutating func eventsOfOneWriteAreOneOffer() {
        for mask in [InotifyEvent.Mask.modified, .modified, .attributes, .closedAfterWriting] {
            self.watch.event("", mask, "a")
        }
        #expect(self.watch.drain(after: .seconds(3)) == ["upserted a"])
    }

    @Test mutating func attributesAloneAreNoReasonToRead() {
        self.watch.event("", .attributes, "a")
        #expect(self.watch.drain(after: .seconds(3)) == [])
    }

    /// What had no room is made up for by a check, which must not believe the times either.
    @Test mutating func writeThatHadNoRoomIsFoundByTheCheck() throws {
        self.watch = SimulatedWatch(filter: try FileFilter(), pendingLimit: 1)
        for name in ["a", "b", "c"] { self.watch.folder.write(name) }
        _ = self.watch.drain(after: .seconds(1))
        for name in ["a", "b", "c"] { self.watch.event("", .modified, name) }
        let said = self.watch.drain(after: .seconds(3))
        #expect(said.filter { $0.hasPrefix("upserted") }.sorted() == ["upserted a", "upserted b", "upserted c"])
    }

    @Test mutating func changeTimeIsComparedByChecks() {
        self.watch.folder.change("b", at: 2)
        #expect(self.watch.drain(after: .seconds(60)) == ["started", "upserted b", "finished"])
        #expect(self.watch.drain(after: .seconds(60)) == ["started", "finished"])
    }

    @Test mutating func changeTimeIsComparedAfterARestart() throws {
        var next = try self.restarted()
        #expect(next.drain() == ["started", "finished"])
        self.watch.folder.change("a", at: 2)
        next = try self.restarted()
        #expect(next.drain() == ["started", "upserted a", "finished"])
    }

    /// A rename changes it, and keeps what the file is.
    @Test mutating func moveWhileNobodyWatchedKeepsTheIDAllTheSame() throws {
        let ids = self.watch.ids
        self.watch.folder.move("a", to: "c")
        self.watch.folder.change("c", at: 3)
        var next = try self.restarted()
        #expect(next.drain() == ["started", "upserted c", "finished"])
        #expect(next.ids == ["b": ids["b"], "c": ids["a"]])
    }
}
