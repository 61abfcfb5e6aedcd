import Foundation
import Ingest
import SeededRandom
import Storage
import Testing

/// The tables as `docs/schema.md` promises them to other programs.
@Suite("Database schema")
struct SchemaTests {
    private let directory: TemporaryDirectory
    private var path: String { self.directory.file("store.db") }

    init() throws { self.directory = try TemporaryDirectory() }

    private static func toTheFirstSchema() throws -> String {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: tests.appendingPathComponent("Fixtures/first-schema.sql"), encoding: .utf8)
    }

    /// A database as the first version of the program left it.
    @Test func databaseOfTheFirstVersionIsBroughtUpToDate() async throws {
        let old = try Fixtures.store(at: self.path)
        _ = try await old.replace(with: Fixtures.version("a", texts: ["oak"]))
        for name in ["b", "c"] { _ = try await old.record(Fixtures.entry(name, state: Fixtures.failure(attempt: 5))) }
        _ = try await old.record(Fixtures.entry("d", state: Fixtures.failure(nextAttemptAt: Fixtures.start)))
        try await old.close()
        try await Raw.change(self.path, Self.toTheFirstSchema())
        #expect(throws: StoreError.olderSchema(path: self.path, found: 1, needed: 6)) {
            try Fixtures.store(at: self.path, access: .readOnly)
        }
        let new = try Fixtures.store(at: self.path)
        #expect(try await Raw.integer(self.path, "PRAGMA user_version") == 6)
        let totals = try await new.totals(of: Fixtures.pipeline)
        #expect(totals.counts == [1, 1])
        #expect(totals.failed == 2 && totals.retrying == 1)
        #expect(try await new.history(of: Fixtures.id("a")).map(\.outcome) == [.stored])
        let state = ServerState(bytes: [7], savedAt: Fixtures.start)
        try await new.save(state, as: .socketRecovery)
        #expect(try await new.take(.socketRecovery) == state)
        try await new.close()
    }

    @Test func emptyFileBecomesADatabaseOfTheNewestVersion() async throws {
        try Data().write(to: URL(fileURLWithPath: self.path))
        try await Fixtures.store(at: self.path).close()
        #expect(try await Raw.integer(self.path, "PRAGMA user_version") == 6)
        #expect(try await Raw.strings(self.path, "PRAGMA journal_mode") == ["wal"])
        let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        let expected = [
            "confirmed_deletions", "document_history", "document_metadata", "document_rows", "documents",
            "documents_fts", "embedding_model", "held_deletions", "ledger", "pipeline_state", "server_state",
            "vector_blocks", "vector_removals",
        ]
        let found = try await Raw.strings(self.path, tables)
        #expect(found.filter { !$0.hasPrefix("documents_fts_") && $0 != "grdb_migrations" } == expected)
        #expect(
            try await Raw.strings(self.path, "SELECT provider || '/' || name FROM embedding_model") == ["builtin/tiny"])
    }

    @Test func chunksCarryTheMetadataThatRetrievalProgramsExpect() async throws {
        let store = try Fixtures.store(at: self.path)
        var version = Fixtures.version("a", texts: ["oak", "elm"], title: "Trees")
        version.chunks[1].page = nil
        version.chunks[1].headingPath = []
        version.chunks[1].sheet = "Sales"
        _ = try await store.replace(with: version)
        #expect(
            try await Raw.strings(self.path, "SELECT metadata FROM documents ORDER BY id") == [
                """
                {"chunk_index":0,"file_id":"a","file_title":"a.md","file_url":"file:///srv/guides/a.md",\
                "heading_path":["Top","Part 0"],"mime_type":"text/markdown","page":1,"pipeline_id":"handbook",\
                "source":"guides/a.md","tokens":3}
                """,
                """
                {"chunk_index":1,"file_id":"a","file_title":"a.md","file_url":"file:///srv/guides/a.md",\
                "heading_path":[],"mime_type":"text/markdown","pipeline_id":"handbook","sheet":"Sales","source":"guides/a.md",\
                "tokens":4}
                """,
            ]
        )
        let metadata = "SELECT id || '|' || title || '|' || url || '|' || created_at FROM document_metadata"
        #expect(
            try await Raw.strings(self.path, metadata) == ["a|Trees|file:///srv/guides/a.md|2026-11-22T18:00:14.250Z"]
        )
        #expect(try await Raw.integer(self.path, "SELECT length(embedding) FROM documents WHERE id = 1") == 32)

        version.entry.document.name = "b.md"
        version.entry.document.path = "moved/b.md"
        version.entry.document.url = "file:///srv/moved/b.md"
        _ = try await store.record(version.entry)
        let moved = """
            SELECT (metadata ->> 'file_title') || '|' || (metadata ->> 'source') || '|' || (metadata ->> 'file_url')
            FROM documents
            """
        #expect(
            try await Raw.strings(self.path, moved)
                == Array(repeating: "b.md|moved/b.md|file:///srv/moved/b.md", count: 2)
        )
        #expect(try await Raw.strings(self.path, "SELECT title FROM document_metadata") == ["Trees"])
        try await store.close()
    }

    @Test func fileNameStandsInForAMissingTitle() async throws {
        let store = try Fixtures.store(at: self.path)
        var version = Fixtures.version("a", texts: ["oak"])
        _ = try await store.replace(with: version)
        #expect(try await Raw.strings(self.path, "SELECT title FROM document_metadata") == ["a.md"])
        version.entry.document.name = "b.md"
        _ = try await store.record(version.entry)
        #expect(try await Raw.strings(self.path, "SELECT title FROM document_metadata") == ["b.md"])
        try await store.close()
    }

    @Test func everyStepLeavesTheTablesConsistent() async throws {
        let store = try Fixtures.store(at: self.path)
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SplitMix64(seed: seed)
        for step in 0..<120 {
            let file = "\(Int.random(in: 0..<6, using: &generator))"
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: _ = try await store.remove(Fixtures.id(file))
            case 1: _ = try await store.record(Fixtures.entry(file, state: .skipped(reason: "empty file")))
            case 2: _ = try await store.record(Fixtures.entry(file, state: Fixtures.failure()))
            default:
                let count = Int.random(in: 0...5, using: &generator)
                let texts = (0..<count).map { "step \(step) part \($0) 東京都 Œuvre" }
                _ = try await store.replace(with: Fixtures.version(file, texts: texts))
            }
            if step % 20 == 19 {
                #expect(try await Raw.inconsistencies(self.path) == [], "seed \(seed)")
            }
        }
        try await store.close()
    }

    @Test func removalLeavesNoRowInAnyTable() async throws {
        let store = try Fixtures.store(at: self.path)
        _ = try await store.replace(with: Fixtures.version("a", texts: ["oak", "elm"]))
        try await Raw.change(
            self.path,
            "INSERT INTO document_rows (ledger_id, dataset_id, row_data) VALUES (1, 'a', '{\"tree\": \"oak\"}')"
        )
        _ = try await store.remove(Fixtures.id("a"))
        for table in [
            "documents", "document_history", "document_metadata", "document_rows", "ledger", "vector_blocks",
            "documents_fts_docsize",
        ] {
            #expect(try await Raw.integer(self.path, "SELECT count(*) FROM \(table)") == 0, "\(table)")
        }
        #expect(try await Raw.inconsistencies(self.path) == [])
        try await store.close()
    }

    @Test func largeDocumentIsPackedInSeveralBlocks() async throws {
        let store = try Fixtures.store(at: self.path)
        let texts = (0..<2_500).map { "passage \($0)" }
        _ = try await store.replace(with: Fixtures.version("a", texts: texts))
        #expect(try await Raw.strings(self.path, "SELECT count FROM vector_blocks") == ["1024", "1024", "452"])
        for index in [0, 1_023, 1_024, 2_499] {
            let vector = Fixtures.vector(of: texts[index])
            let hits = try await store.search(SearchQuery(text: "", vector: vector, limit: 1))
            #expect(hits.map(\.chunk.index) == [index])
        }
        #expect(try await Raw.inconsistencies(self.path) == [])
        try await store.close()
    }

    /// Removed vectors must leave the memory, too: where they crowd the best places, nothing else would be found.
    @Test(arguments: ["", "DELETE FROM vector_removals WHERE seq < 3"])
    func removedVectorsMakeRoomForOthers(changeOfTheLog: String) async throws {
        let store = try Fixtures.store(at: self.path)
        let crowd = Array(repeating: "tree", count: 300)
        for index in 0..<4 { _ = try await store.replace(with: Fixtures.version("\(index)", texts: crowd)) }
        _ = try await store.replace(with: Fixtures.version("other", texts: ["unlike it"]))
        let query = SearchQuery(text: "", vector: Fixtures.vector(of: "tree"), limit: 5)
        #expect(try await store.search(query).map(\.document.file) == Array(repeating: "0", count: 5))
        for index in 0..<4 { _ = try await store.remove(Fixtures.id("\(index)")) }
        // Older removals are dropped from the log; whoever has not seen them must read everything again.
        if !changeOfTheLog.isEmpty { try await Raw.change(self.path, changeOfTheLog) }
        #expect(try await store.search(query).map(\.document.file) == ["other"])
        try await store.close()
    }
}
