import GRDB
import Ingest
import Storage
import Testing

@Suite("Store errors")
struct StoreErrorTests {
    private static let secret = "the text of a private document"

    @Test(arguments: [
        (ResultCode.SQLITE_FULL, StoreError.diskFull(path: "/p"), true),
        (.SQLITE_BUSY, .locked(path: "/p"), true),
        (.SQLITE_BUSY_SNAPSHOT, .locked(path: "/p"), true),
        (.SQLITE_LOCKED, .locked(path: "/p"), true),
        (.SQLITE_CORRUPT, .damaged(path: "/p"), false),
        (.SQLITE_CORRUPT_VTAB, .damaged(path: "/p"), false),
        (.SQLITE_NOTADB, .notADatabase(path: "/p"), false),
        (.SQLITE_READONLY, .openedReadOnly(path: "/p"), false),
        (.SQLITE_MISUSE, .closed(path: "/p"), true),
        (.SQLITE_IOERR_WRITE, .inputOutput(path: "/p", code: 778), true),
        (.SQLITE_CONSTRAINT_UNIQUE, .unexpected(path: "/p", code: 2_067), true),
    ])
    func resultCodesAreTold(code: ResultCode, expected: StoreError, isTransient: Bool) {
        let error = DatabaseError(
            resultCode: code,
            message: "near '\(Self.secret)'",
            sql: "SELECT '\(Self.secret)'",
            arguments: [Self.secret],
            publicStatementArguments: true
        )
        let mapped = StoreError(error, path: "/p")
        #expect(mapped == expected)
        #expect(mapped.isTransient == isTransient)
        #expect(!mapped.description.contains(Self.secret))
        #expect(mapped.description.contains("'/p'"))
        #expect(mapped.typeName.hasPrefix("Store"))
    }

    @Test func lockedDatabaseFailsForNowAndChangesNothing() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("store.db")
        let store = try Fixtures.store(at: path, busyTimeout: .milliseconds(1))
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let intruder = try DatabaseQueue(path: path, configuration: configuration)
        try await intruder.writeWithoutTransaction { db in try db.execute(sql: "BEGIN IMMEDIATE") }
        let error = await #expect(throws: StoreError.self) { try await store.record(Fixtures.entry("a")) }
        #expect(error == .locked(path: path))
        #expect(try await store.entry(for: Fixtures.id("a")) == nil)
        try await intruder.writeWithoutTransaction { db in try db.execute(sql: "ROLLBACK") }
        _ = try await store.record(Fixtures.entry("a"))
        try intruder.close()
        try await store.close()
    }

    @Test func cancelledWriteChangesNothingAndSaysThatItWasCancelled() async throws {
        let directory = try TemporaryDirectory()
        let store = try Fixtures.store(at: directory.file("store.db"))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await store.replace(with: Fixtures.version("a", texts: ["oak"]))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await store.entry(for: Fixtures.id("a")) == nil)
        try await store.close()
    }
}
