import Foundation
import Ingest
import Testing

/// What came of a document is remembered, the newest first, and not without end.
@Suite("Store contract: history")
struct StoreHistoryContract {
    @Test(arguments: StoreKind.allCases)
    func everyOutcomeIsRemembered(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await store.record(Fixtures.entry("a", state: Fixtures.failure(attempt: 2), at: 1))
            _ = try await store.replace(with: Fixtures.version("a", texts: ["oak", "elm"], at: 2))
            _ = try await store.record(Fixtures.entry("a", state: .skipped(reason: "empty file"), at: 3))
            _ = try await store.record(Fixtures.entry("b", at: 4))

            let history = try await store.history(of: Fixtures.id("a"))
            #expect(history.map(\.outcome) == [.skipped, .stored, .failed])
            #expect(history.map(\.at) == [3, 2, 1].map { Fixtures.start.addingTimeInterval($0) })
            #expect(history.map(\.message) == ["empty file", nil, "it is broken"])
            #expect(history.map(\.chunksCreated) == [nil, 2, nil])
            #expect(history.map(\.duration) == [nil, 0.125, nil])
            #expect(history.map(\.stage) == [nil, nil, .extraction])
            #expect(history.map(\.attempt) == [nil, nil, 2])
            #expect(history.map(\.errorType) == [nil, nil, "Broken"])
            #expect(history.allSatisfy { $0.path == "guides/a.md" })
            #expect(try await store.history(of: Fixtures.id("c")) == [])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func aMoveIsAnOutcomeAndAnotherFingerprintIsNone(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var entry = Fixtures.entry("a")
            _ = try await store.record(entry)
            entry.document.fingerprint = "another"
            _ = try await store.record(entry)
            #expect(try await store.history(of: Fixtures.id("a")).map(\.outcome) == [.stored])

            entry.document.path = "other/b.md"
            entry.document.name = "b.md"
            _ = try await store.record(entry)
            let history = try await store.history(of: Fixtures.id("a"))
            #expect(history.map(\.outcome) == [.moved, .stored])
            #expect(history.map(\.path) == ["other/b.md", "guides/a.md"])
        }
    }

    /// Its document has been in this state since the first one.
    @Test(arguments: StoreKind.allCases)
    func anAttemptThatEndsAsTheLastOneDidIsNone(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            for attempt in 1...3 {
                _ = try await store.record(Fixtures.entry("a", state: Fixtures.failure(attempt: attempt), at: 1))
            }
            #expect(try await store.history(of: Fixtures.id("a")).map(\.attempt) == [1])
            let entry = try #require(try await store.entry(for: Fixtures.id("a")))
            #expect(entry.state == Fixtures.failure(attempt: 3))
            _ = try await store.record(Fixtures.entry("a", state: Fixtures.failure(attempt: 4), at: 2))
            #expect(try await store.history(of: Fixtures.id("a")).map(\.attempt) == [4, 1])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func theOldestOutcomesMakeRoom(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            for index in 0..<50 {
                let failure = Fixtures.failure(attempt: index)
                _ = try await store.record(Fixtures.entry("a", state: failure, at: Double(index)))
            }
            let history = try await store.history(of: Fixtures.id("a"))
            #expect(history.map(\.attempt) == (30..<50).reversed().map { $0 })
            #expect(history.count == HistoryEntry.limit)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func nothingIsRememberedOfWhatIsGone(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await store.record(Fixtures.entry("a", at: 1))
            _ = try await store.remove(Fixtures.id("a"))
            #expect(try await store.history(of: Fixtures.id("a")) == [])
            _ = try await store.record(Fixtures.entry("a", at: 2))
            #expect(try await store.history(of: Fixtures.id("a")).count == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func aChangeThatIsUndoneLeavesNoTrace(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await store.record(Fixtures.entry("a", at: 1))
            var version = Fixtures.version("a", texts: ["oak"], at: 2)
            version.vectors = [[.nan]]
            await #expect(throws: (any Error).self) { try await store.replace(with: version) }
            #expect(try await store.history(of: Fixtures.id("a")).count == 1)
        }
    }
}
