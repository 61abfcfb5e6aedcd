import Connectors
import Foundation
import Glibc
import Ingest
import Testing

extension WatchingTests {
    /// One check without watching, as `corpusd scan --once` makes it.
    @Suite("Local files: one check", .timeLimit(.minutes(1)))
    struct LocalFilesOnceTests: WatchingSuite {
        let folder: TemporaryFolder

        init() throws { self.folder = try TemporaryFolder() }

        private func check(
            _ source: LocalFilesSource,
            known: [LedgerEntry] = [],
            held: [DocumentID: HeldDeletion.State] = [:]
        ) async throws -> RecordingReceiver.Record {
            let receiver = RecordingReceiver(known: known)
            try await source.checkOnce(known: known, held: held, into: receiver)
            return await receiver.record
        }

        /// What was written a moment ago may be half of a file; it must wait, and must not be forgotten over it.
        @Test func whatWasJustWrittenIsNotMissed() async throws {
            try self.folder.write("old.txt")
            try self.folder.age()
            try self.folder.write("new.txt")
            try self.folder.makeDirectory("d")
            try self.folder.write("d/deep.txt")
            let record = try await self.check(try self.source())
            #expect(record.paths == ["old.txt", "new.txt", "d/deep.txt"])
        }

        @Test func whatIsStillOpenForWritingIsTakenAsItIs() async throws {
            let file = try self.folder.open(Array("open.txt".utf8), flags: O_WRONLY | O_CREAT)
            defer { close(file) }
            #expect(write(file, "text", 4) == 4)
            let record = try await self.check(try self.source())
            #expect(record.documents.values.map(\.size) == [4])
        }

        @Test func aRecentChangeOfAKnownFileIsNotMissed() async throws {
            try self.folder.write("a.txt", "one")
            try self.folder.age()
            let known = try await self.check(try self.source()).ledger
            try self.folder.write("a.txt", "two and more")
            let record = try await self.check(try self.source(), known: known)
            #expect(record.offers(of: "a.txt") == 1)
            #expect(record.documents.values.map(\.size) == [12])
        }

        @Test func aFileThatWasChangedAndRenamedJustNowKeepsNothingBehind() async throws {
            try self.folder.write("a.txt", "one")
            try self.folder.age()
            let known = try await self.check(try self.source()).ledger
            try self.folder.write("a.txt", "two and more")
            try self.folder.rename("a.txt", to: "b.txt")
            let record = try await self.check(try self.source(), known: known)
            #expect(record.paths == ["b.txt"])
        }

        @Test func moreRecentFilesThanMayWaitAreAllOffered() async throws {
            for index in 0..<40 { try self.folder.write("\(index).txt") }
            let record = try await self.check(try self.source(pendingLimit: 8))
            #expect(record.paths.count == 40)
        }

        @Test func manyThatAreGoneAreHeldAndFewAreRemoved() async throws {
            for index in 0..<20 { try self.folder.write("\(index).txt") }
            try self.folder.age()
            let limits = DeletionGuard.Limits(share: 0.2, files: 10)
            let known = try await self.check(try self.source(deletions: limits)).ledger
            try self.folder.remove("0.txt")
            let few = try await self.check(try self.source(deletions: limits), known: known)
            #expect(few.paths.count == 19 && few.heldDocuments.isEmpty)
            for index in 1..<19 { try self.folder.remove("\(index).txt") }
            let many = try await self.check(try self.source(deletions: limits), known: few.ledger)
            #expect(many.changes.isEmpty && many.heldDocuments.count == 18)
        }

        @Test func aFolderThatWasEmptiedIsAProblem() async throws {
            for index in 0..<3 { try self.folder.write("\(index).txt") }
            try self.folder.age()
            let known = try await self.check(try self.source()).ledger
            for index in 0..<3 { try self.folder.remove("\(index).txt") }
            let record = try await self.check(try self.source(), known: known)
            #expect(record.isUnavailable && record.changes.isEmpty)
        }

        @Test func cancellationEndsItWithoutBeingTakenForAnEnd() async throws {
            try self.folder.write("a.txt")
            let receiver = RecordingReceiver()
            await receiver.setFull(true)
            try self.folder.age()
            let source = try self.source()
            let check = Task { try await source.checkOnce(known: [], held: [:], into: receiver) }
            try await receiver.until { $0.held == 1 }
            check.cancel()
            await #expect(throws: CancellationError.self) { try await check.value }
        }
    }
}
