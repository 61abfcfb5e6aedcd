import Foundation
import Ingest
import Storage
import Testing

/// What `corpusd verify` finds in a database that somebody has broken, and what mending leaves.
@Suite("Verification of the database")
struct VerificationTests {
    private let directory: TemporaryDirectory
    private var path: String { self.directory.file("store.db") }

    init() throws { self.directory = try TemporaryDirectory() }

    struct Damage: CustomTestStringConvertible {
        let name: String
        let sql: String
        let found: Set<StoreFault.Kind>
        /// Whether only reading every passage and vector shows it.
        var isDeep = false
        /// Files that must be processed again.
        var requeued = 0
        var testDescription: String { self.name }
    }

    static let damages = [
        Damage(name: "a total", sql: "UPDATE pipeline_state SET chunk_count = 99", found: [.totals]),
        Damage(name: "vectors for scanning", sql: "DELETE FROM vector_blocks", found: [.vectorIndex]),
        Damage(
            name: "codes", sql: "UPDATE vector_blocks SET codes = zeroblob(length(codes))", found: [.vectorIndex],
            isDeep: true),
        Damage(
            name: "full text", sql: "INSERT INTO documents_fts (documents_fts) VALUES ('delete-all')",
            found: [.fullTextIndex]),
        Damage(
            name: "a passage", sql: "DELETE FROM documents WHERE id = 1", found: [.chunksWrong, .vectorIndex],
            requeued: 1),
        Damage(
            name: "a passage's number", sql: "UPDATE documents SET metadata = json_set(metadata, '$.chunk_index', 7)",
            found: [.chunksWrong], requeued: 2),
        Damage(
            name: "a document", sql: "DELETE FROM document_metadata WHERE id = 'a'", found: [.documentMissing],
            requeued: 1),
        Damage(
            name: "an embedding", sql: "UPDATE documents SET embedding = x'00' WHERE id = 1", found: [.vectorMissing],
            requeued: 1),
        Damage(
            name: "a text", sql: "UPDATE documents SET content = 'other' WHERE id = 1", found: [.textHash],
            isDeep: true, requeued: 1),
        Damage(
            name: "a ledger entry", sql: "PRAGMA foreign_keys = OFF; DELETE FROM ledger WHERE file_id = 'a'",
            found: [.orphan]),
        Damage(
            name: "passages of nothing",
            sql: "PRAGMA foreign_keys = OFF; UPDATE documents SET ledger_id = 77 WHERE id = 1",
            found: [.orphan, .chunksWrong, .vectorIndex], requeued: 1),
        Damage(
            name: "a state", sql: "UPDATE ledger SET state = 'skipped', skip_reason = 'x' WHERE file_id = 'a'",
            found: [.documentUnexpected]),
    ]

    @Test(arguments: Self.damages)
    func damageIsFoundAndMended(_ damage: Damage) async throws {
        let store = try Fixtures.store(at: self.path)
        _ = try await store.replace(with: Fixtures.version("a", texts: ["oak", "elm"]))
        _ = try await store.replace(with: Fixtures.version("b", texts: ["fir"]))
        #expect(try await store.verify(isDeep: true, comparesFullText: true).faults == [])
        try await Raw.change(self.path, damage.sql)

        let shallow = try await store.verify(isDeep: false, comparesFullText: false)
        #expect(Set(shallow.counts.keys) == (damage.isDeep ? [] : damage.found))
        let findings = try await store.verify(isDeep: true, comparesFullText: false)
        #expect(Set(findings.counts.keys).isSuperset(of: damage.found))

        #expect(try await store.repair(findings) == damage.requeued)
        let left = try await store.verify(isDeep: true, comparesFullText: true)
        #expect(Set(left.counts.keys).isSubset(of: StoreFault.Kind.mendedByTheirFiles))
        #expect(left.isSound == (damage.requeued == 0))
        // What is to be processed again looks to its source as if it had never been seen.
        let asked = try await store.ledger(of: Fixtures.pipeline).filter { $0.document.fingerprint.isEmpty }
        #expect(asked.count == damage.requeued)
        #expect(asked.allSatisfy { $0.contentHash == nil })

        // The source offers them again, and then all is well.
        for entry in asked {
            let texts = entry.document.id.file == "a" ? ["oak", "elm"] : ["fir"]
            _ = try await store.replace(with: Fixtures.version(entry.document.id.file, texts: texts))
        }
        #expect(try await store.verify(isDeep: true, comparesFullText: true).faults == [])
        #expect(try await Raw.inconsistencies(self.path) == [])
        try await store.close()
    }

    @Test func wordsThatAreNotThoseOfThePassagesAreFoundByComparingThem() async throws {
        let store = try Fixtures.store(at: self.path)
        _ = try await store.replace(with: Fixtures.version("a", texts: ["oak"]))
        try await Raw.change(
            self.path,
            """
            INSERT INTO documents_fts (documents_fts, rowid, content) VALUES ('delete', 1, 'oak');
            INSERT INTO documents_fts (rowid, content) VALUES (1, 'ash')
            """
        )
        #expect(try await store.verify(isDeep: true, comparesFullText: false).isSound)
        let findings = try await store.verify(isDeep: false, comparesFullText: true)
        #expect(findings.counts == [.fullTextIndex: 1])
        #expect(try await store.repair(findings) == 0)
        #expect(try await store.search(SearchQuery(text: "oak", vector: nil, limit: 1)).count == 1)
        #expect(try await store.search(SearchQuery(text: "ash", vector: nil, limit: 1)).isEmpty)
        try await store.close()
    }

    @Test func aReaderComparesWhileAnotherWritesAndChangesNothing() async throws {
        let writer = try Fixtures.store(at: self.path)
        _ = try await writer.replace(with: Fixtures.version("a", texts: ["oak"]))
        let reader = try Fixtures.store(at: self.path, access: .readOnly)
        let findings = try await reader.verify(isDeep: true, comparesFullText: false)
        #expect(findings.isSound && !findings.comparedFullText)
        await #expect(throws: StoreError.self) { try await reader.repair(findings) }
        try await reader.close()
        try await writer.close()
    }

    @Test func moreFaultsThanAreNamedAreCounted() async throws {
        let store = try Fixtures.store(at: self.path)
        for index in 0..<130 {
            _ = try await store.replace(with: Fixtures.version("\(index)", texts: ["oak \(index)"]))
        }
        try await Raw.change(self.path, "DELETE FROM document_metadata")
        let findings = try await store.verify(isDeep: false, comparesFullText: false)
        #expect(findings.counts[.documentMissing] == 130)
        #expect(findings.faults.count == StoreFindings.namedLimit)
        #expect(try await store.repair(findings) == 130)
        try await store.close()
    }

    @Test func failuresAreCountedByWhatFailed() async throws {
        let store = try Fixtures.store(at: self.path)
        _ = try await store.record(Fixtures.entry("a", state: Fixtures.failure(nextAttemptAt: Fixtures.start)))
        _ = try await store.record(Fixtures.entry("b", state: Fixtures.failure()))
        _ = try await store.record(Fixtures.entry("c", state: Fixtures.failure()))
        _ = try await store.record(Fixtures.entry("d", in: PipelineID("other"), state: Fixtures.failure()))
        #expect(
            try await store.failures(in: Fixtures.pipeline) == [
                FailureCount(type: "Broken", isRetried: false, files: 2),
                FailureCount(type: "Broken", isRetried: true, files: 1),
            ]
        )
        try await store.close()
    }
}
