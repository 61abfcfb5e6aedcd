import Ingest
import Testing

extension WatchingTests {
    /// Real files whose times a program sets back after it has written to them, as `rsync -t` and `cp -p` do.
    @Suite("Local files: writes that times hide", .timeLimit(.minutes(1)))
    struct LocalFilesSameTimeTests: WatchingSuite {
        let folder: TemporaryFolder

        init() throws {
            self.folder = try TemporaryFolder()
            for name in ["a", "b"] { try self.folder.write(name, "one") }
            try self.folder.age()
        }

        @Test func areOfferedWhileTheFolderIsWatched() async throws {
            try await self.watching(self.source()) { [folder] receiver in
                try await receiver.until { $0.checks == 1 }
                try folder.write("a", "two")
                try folder.age(Array("a".utf8))
                try await receiver.until { $0.offers(of: "a") == 2 }
                try folder.write("marker")
                let record = try await receiver.until { $0.paths.contains("marker") }
                #expect(record.offers(of: "a") == 2 && record.offers(of: "b") == 1)
            }
        }

        @Test func areOfferedAfterwards() async throws {
            let first = try await self.watching(self.source()) { try await $0.until { $0.checks == 1 } }
            try self.folder.write("a", "two")
            try self.folder.age(Array("a".utf8))
            let second = try await self.watching(self.source(), known: first.ledger) {
                try await $0.until { $0.checks == 1 }
            }
            #expect(second.changes.count == 1 && second.offers(of: "a") == 1)
            #expect(second.id(of: "a") == first.id(of: "a"))
        }
    }
}
