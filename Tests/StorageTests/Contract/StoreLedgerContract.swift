import Foundation
import Ingest
import Testing

/// What the ledger must keep, and how concurrent use must end.
@Suite("Store contract: ledger")
struct StoreLedgerContract {
    static let states: [LedgerEntry.State] = [
        .stored(Fixtures.results(chunks: 7)),
        .skipped(reason: "unsupported type 'video/mp4'"),
        Fixtures.failure(attempt: 3, nextAttemptAt: Fixtures.start.addingTimeInterval(60.5)),
        Fixtures.failure(attempt: 1, nextAttemptAt: nil),
    ]

    @Test(arguments: StoreKind.allCases)
    func everyStateIsReadBack(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            // Each follows each, so that no column of an old state survives in a new one.
            for state in Self.states + Self.states.reversed() {
                let entry = Fixtures.entry("a", state: state)
                _ = try await store.record(entry)
                #expect(try await store.entry(for: Fixtures.id("a")) == entry)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func strangeNamesAndMissingValuesAreReadBack(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            for (index, name) in ["", "a\nb", "it's; DROP TABLE ledger --", "e\u{301}", "é", "🗂️", "\u{FFFF}"]
                .enumerated()
            {
                var entry = Fixtures.entry("file \(name)", at: Double(index))
                entry.document.name = name
                entry.document.path = "x/\(name)"
                entry.document.size = nil
                entry.document.mimeType = nil
                entry.contentHash = nil
                entry.mediaType = nil
                _ = try await store.record(entry)
                #expect(try await store.entry(for: entry.document.id) == entry)
            }
            #expect(try await store.ledger(of: Fixtures.pipeline).count == 7)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func nulEndsNoText(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let text = "before\u{0}after"
            _ = try await store.replace(with: Fixtures.version("a\u{0}b", texts: [text]))
            let hits = try await store.search(SearchQuery(text: "after", vector: nil, limit: 5))
            #expect(hits.map(\.chunk.text) == ["before\u{FFFD}after"])
            #expect(try await store.vectors(for: [text]) == [Fixtures.vector(of: text)])
            #expect(try await store.entry(for: Fixtures.id("a\u{0}b")) != nil)
            #expect(try await store.remove(Fixtures.id("a\u{0}b"))?.chunks == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func recentEntriesComeNewestFirst(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            for index in [3, 0, 4, 1, 2] {
                _ = try await store.replace(with: Fixtures.version("s\(index)", texts: ["x"], at: Double(index)))
                _ = try await store.record(Fixtures.entry("f\(index)", state: Fixtures.failure(), at: Double(index)))
            }
            let stored = try await store.recentlyStored(in: Fixtures.pipeline, limit: 3)
            #expect(stored.map(\.document.id.file) == ["s4", "s3", "s2"])
            let failed = try await store.recentlyFailed(in: Fixtures.pipeline, limit: 100)
            #expect(failed.map(\.document.id.file) == ["f4", "f3", "f2", "f1", "f0"])
            #expect(try await store.recentlyStored(in: PipelineID("other"), limit: 3).isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func vectorsAreFoundByText(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let texts = (0..<3_000).map { "passage number \($0)" }
            _ = try await store.replace(with: Fixtures.version("a", texts: Array(texts[..<1_500])))
            _ = try await store.replace(with: Fixtures.version("b", texts: Array(texts[1_000..<2_000])))
            let asked = Array(texts.reversed()) + ["passage number 7", "Passage number 7", "passage number 7 "]
            let expected = (0..<3_000).reversed().map { $0 < 2_000 ? Fixtures.vector(of: texts[$0]) : nil }
            let found = try await store.vectors(for: asked)
            #expect(found == expected + [Fixtures.vector(of: texts[7]), nil, nil])
            _ = try await store.remove(Fixtures.id("a"))
            #expect(try await store.vectors(for: [texts[999], texts[1_000]]).map { $0 != nil } == [false, true])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func readersSeeWholeDocumentsWhileWritersReplaceThem(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let files = 0..<4
            let rounds = 12
            try await withThrowingTaskGroup(of: Void.self) { group in
                for file in files {
                    group.addTask {
                        for round in 0..<rounds {
                            let texts = (0...(round % 3)).map { "round\(round) file\(file) part\($0)" }
                            _ = try await store.replace(with: Fixtures.version("\(file)", texts: texts))
                        }
                    }
                    group.addTask {
                        for _ in 0..<rounds {
                            let vector = Fixtures.vector(of: "anything")
                            let query = SearchQuery(text: "file\(file)", vector: vector, limit: 50)
                            let hits = try await store.search(query).filter { $0.document.file == "\(file)" }
                            let rounds = Set(hits.map { $0.chunk.text.prefix { $0 != " " } })
                            #expect(rounds.count <= 1, "two versions at once: \(rounds)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let chunks = 1 + (rounds - 1) % 3
            let expected = [files.count, files.count * chunks]
            #expect(try await store.totals(of: Fixtures.pipeline).counts == expected)
            let query = SearchQuery(text: "", vector: Fixtures.vector(of: "x"), limit: 50)
            #expect(try await store.search(query).count == files.count * chunks)
        }
    }
}
