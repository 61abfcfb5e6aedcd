import Foundation
import Ingest
import Testing

/// What replacing, recording and removing must do, whatever is behind the seam.
@Suite("Store contract: documents")
struct StoreDocumentContract {
    @Test(arguments: StoreKind.allCases)
    func newStoreIsEmpty(_ kind: StoreKind) async throws {
        try await kind.withStore { store async throws in
            #expect(try await store.ledger(of: Fixtures.pipeline).isEmpty)
            #expect(try await store.entry(for: Fixtures.id("a")) == nil)
            #expect(try await store.totals(of: Fixtures.pipeline).counts == [0, 0])
            #expect(try await store.cursor(of: Fixtures.pipeline) == nil)
            #expect(try await store.remove(Fixtures.id("a")) == nil)
            #expect(try await store.vectors(for: []).isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func documentIsFoundAsItWasStored(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let version = Fixtures.version(
                "a", texts: ["the oak tree", "a birch forest"], title: "Trees", cursor: "17")
            #expect(try await store.replace(with: version).totals.counts == [1, 2])
            #expect(try await store.entry(for: Fixtures.id("a")) == version.entry)
            #expect(try await store.ledger(of: Fixtures.pipeline) == [version.entry])
            #expect(try await store.cursor(of: Fixtures.pipeline) == "17")
            let hits = try await store.search(SearchQuery(text: "birch", vector: nil, limit: 5))
            let hit = try #require(hits.first)
            #expect(hits.count == 1)
            #expect(hit.chunk == version.chunks[1])
            #expect(hit.document == Fixtures.id("a"))
            #expect(
                [hit.name, hit.path, hit.url, hit.title] == [
                    "a.md", "guides/a.md", version.entry.document.url, "Trees",
                ])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func replacingLeavesNothingOfTheOldVersion(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await store.replace(
                with: Fixtures.version("a", texts: ["oak", "elm", "ash"], title: "Old", cursor: "1"))
            let totals = try await store.replace(with: Fixtures.version("a", texts: ["birch"])).totals
            #expect(totals.counts == [1, 1])
            #expect(try await store.search(SearchQuery(text: "oak elm ash", vector: nil, limit: 5)).isEmpty)
            let hits = try await store.search(SearchQuery(text: "", vector: Fixtures.vector(of: "oak"), limit: 9))
            #expect(hits.map(\.chunk.text) == ["birch"])
            #expect(hits.first?.title == nil)
            #expect(try await store.vectors(for: ["oak"]) == [nil])
            #expect(try await store.cursor(of: Fixtures.pipeline) == "1")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func failureKeepsTheOldChunks(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await store.replace(with: Fixtures.version("a", texts: ["oak"], title: "Trees"))
            let failed = Fixtures.entry("a", state: Fixtures.failure(), at: 1)
            #expect(try await store.record(failed).counts == [1, 1])
            #expect(try await store.entry(for: Fixtures.id("a")) == failed)
            let hits = try await store.search(SearchQuery(text: "oak", vector: nil, limit: 5))
            #expect(hits.map(\.title) == ["Trees"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func skippingRemovesTheChunks(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await store.replace(with: Fixtures.version("a", texts: ["oak", "elm"]))
            let skipped = Fixtures.entry("a", state: .skipped(reason: "empty file"), at: 1)
            #expect(try await store.record(skipped).counts == [0, 0])
            #expect(try await store.entry(for: Fixtures.id("a")) == skipped)
            let query = SearchQuery(text: "oak", vector: Fixtures.vector(of: "oak"), limit: 5)
            #expect(try await store.search(query).isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func movedDocumentIsFoundAtItsNewPlace(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var version = Fixtures.version("a", texts: ["oak", "elm"])
            _ = try await store.replace(with: version)
            version.entry.document.name = "b.md"
            version.entry.document.path = "moved/b.md"
            version.entry.document.url = "file:///srv/moved/b.md"
            #expect(try await store.record(version.entry).counts == [1, 2])
            let hit = try await store.search(SearchQuery(text: "elm", vector: nil, limit: 5)).first
            #expect([hit?.name, hit?.path, hit?.url] == ["b.md", "moved/b.md", "file:///srv/moved/b.md"])
            #expect(hit?.chunk == version.chunks[1])
            #expect(try await store.entry(for: Fixtures.id("a")) == version.entry)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func removingTakesEverything(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let version = Fixtures.version("a", texts: ["oak", "elm"])
            _ = try await store.replace(with: version)
            _ = try await store.replace(with: Fixtures.version("b", texts: ["birch"]))
            let removal = try await store.remove(Fixtures.id("a"))
            #expect(removal?.entry == version.entry)
            #expect(removal?.chunks == 2)
            #expect(removal?.totals.counts == [1, 1])
            #expect(try await store.remove(Fixtures.id("a")) == nil)
            #expect(try await store.entry(for: Fixtures.id("a")) == nil)
            #expect(try await store.vectors(for: ["oak", "birch"]).map { $0 == nil } == [true, false])
            let query = SearchQuery(text: "oak elm", vector: Fixtures.vector(of: "oak"), limit: 5)
            #expect(try await store.search(query).map(\.document) == [Fixtures.id("b")])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func skippedDocumentIsRemovedWithoutChunks(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let entry = Fixtures.entry("a", state: .skipped(reason: "empty file"))
            _ = try await store.record(entry)
            let removal = try await store.remove(Fixtures.id("a"))
            #expect(removal?.entry == entry)
            #expect(removal?.chunks == 0)
            #expect(removal?.totals.counts == [0, 0])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func laterTotalsHaveAHigherRevision(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var revisions = [try await store.totals(of: Fixtures.pipeline).revision]
            revisions.append(try await store.replace(with: Fixtures.version("a", texts: ["oak"])).totals.revision)
            let larger = Fixtures.version("a", texts: ["elm", "ash"])
            revisions.append(try await store.replace(with: larger).totals.revision)
            let skipped = Fixtures.entry("a", state: .skipped(reason: "empty file"), at: 1)
            revisions.append(try await store.record(skipped).revision)
            revisions.append(try await store.replace(with: Fixtures.version("b", texts: ["oak"])).totals.revision)
            revisions.append(try #require(try await store.remove(Fixtures.id("b"))).totals.revision)
            #expect(revisions == Set(revisions).sorted())
            #expect(try await store.totals(of: Fixtures.pipeline).revision == revisions.last)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func twoPipelinesHoldTheSameFile(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let other = PipelineID("archive")
            _ = try await store.replace(with: Fixtures.version("a", texts: ["oak"], cursor: "here"))
            let totals = try await store.replace(with: Fixtures.version("a", texts: ["elm", "ash"], in: other)).totals
            #expect(totals.counts == [1, 2])
            #expect(try await store.ledger(of: Fixtures.pipeline).count == 1)
            #expect(try await store.cursor(of: other) == nil)
            _ = try await store.remove(Fixtures.id("a"))
            #expect(try await store.totals(of: Fixtures.pipeline).counts == [0, 0])
            #expect(try await store.totals(of: other).counts == [1, 2])
            #expect(try await store.search(SearchQuery(text: "elm", vector: nil, limit: 5)).count == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func unusableVectorsAreRefusedAndNothingChanges(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let good = Fixtures.version("a", texts: ["oak", "elm"])
            _ = try await store.replace(with: good)
            let unusable: [[[Float]]] = [
                [], [good.vectors[0]], [good.vectors[0], [1, 0]],
                [good.vectors[0], [.nan] + good.vectors[1].dropFirst()],
                [good.vectors[0], [.infinity] + good.vectors[1].dropFirst()],
            ]
            for vectors in unusable {
                var bad = Fixtures.version("a", texts: ["pine", "fir"], cursor: "9", at: 5)
                bad.vectors = vectors
                let error = await #expect(throws: (any Error).self) { try await store.replace(with: bad) }
                #expect((error as? any DocumentError)?.isTransient == false)
            }
            #expect(try await store.entry(for: Fixtures.id("a")) == good.entry)
            #expect(try await store.cursor(of: Fixtures.pipeline) == nil)
            #expect(try await store.search(SearchQuery(text: "oak", vector: nil, limit: 5)).count == 1)
        }
    }
}
