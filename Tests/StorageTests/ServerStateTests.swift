import Foundation
import Ingest
import Storage
import Testing

@Suite("State of the server")
struct ServerStateTests {
    private let directory: TemporaryDirectory
    private var path: String { self.directory.file("store.db") }

    init() throws { self.directory = try TemporaryDirectory() }

    private static func state(_ bytes: [UInt8], at seconds: Double = 0) -> ServerState {
        ServerState(bytes: bytes, savedAt: Fixtures.start.addingTimeInterval(seconds))
    }

    @Test(arguments: [[], [0], Array("state".utf8), (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }])
    func stateIsTakenOnceAfterARestart(_ bytes: [UInt8]) async throws {
        let first = try Fixtures.store(at: self.path)
        try await first.save(Self.state(bytes), as: .socketRecovery)
        try await first.close()
        let second = try Fixtures.store(at: self.path)
        #expect(try await second.take(.socketRecovery) == Self.state(bytes))
        #expect(try await second.take(.socketRecovery) == nil)
        try await second.close()
        let third = try Fixtures.store(at: self.path)
        #expect(try await third.take(.socketRecovery) == nil)
        try await third.close()
    }

    @Test func laterStateReplacesTheEarlier() async throws {
        let store = try Fixtures.store(at: self.path)
        try await store.save(Self.state([1, 2, 3]), as: .socketRecovery)
        try await store.save(Self.state([4], at: 5), as: .socketRecovery)
        #expect(try await store.take(.socketRecovery) == Self.state([4], at: 5))
        #expect(try await Raw.integer(self.path, "SELECT count(*) FROM server_state") == 0)
        try await store.close()
    }

    @Test func documentsAndStateDoNotTouchEachOther() async throws {
        let store = try Fixtures.store(at: self.path)
        try await store.save(Self.state([1]), as: .socketRecovery)
        _ = try await store.replace(with: Fixtures.version("a", texts: ["oak"]))
        _ = try await store.remove(Fixtures.id("a"))
        #expect(try await store.take(.socketRecovery) == Self.state([1]))
        try await store.close()
    }

    @Test func readerMayNotTakeIt() async throws {
        let writer = try Fixtures.store(at: self.path)
        try await writer.save(Self.state([1]), as: .socketRecovery)
        let reader = try Fixtures.store(at: self.path, access: .readOnly)
        await #expect(throws: StoreError.openedReadOnly(path: self.path)) {
            _ = try await reader.take(.socketRecovery)
        }
        #expect(try await writer.take(.socketRecovery) == Self.state([1]))
        try await reader.close()
        try await writer.close()
    }

    @Test func rowOfAnotherTypeIsDamage() async throws {
        let store = try Fixtures.store(at: self.path)
        try await store.close()
        // STRICT keeps such rows out; a damaged file may still have them.
        try await Raw.change(
            self.path,
            """
            DROP TABLE server_state;
            CREATE TABLE server_state (key TEXT PRIMARY KEY, value, saved_at);
            INSERT INTO server_state VALUES ('socket_recovery', NULL, 'yesterday')
            """
        )
        let again = try Fixtures.store(at: self.path)
        await #expect(throws: StoreError.damaged(path: self.path)) { _ = try await again.take(.socketRecovery) }
        try await again.close()
    }
}
