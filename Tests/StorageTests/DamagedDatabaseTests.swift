import Foundation
import Ingest
import SeededRandom
import Storage
import Testing

/// A damaged file ends in an error that says so; never in a trap, and never in made-up answers.
@Suite("Damaged databases")
struct DamagedDatabaseTests {
    private let directory: TemporaryDirectory
    private var path: String { self.directory.file("store.db") }

    init() throws { self.directory = try TemporaryDirectory() }

    private func fill() async throws {
        let store = try Fixtures.store(at: self.path)
        for index in 0..<40 {
            let texts = (0..<6).map { "oak number \($0) of forest \(index) " + String(repeating: "leaf ", count: 60) }
            _ = try await store.replace(with: Fixtures.version("\(index)", texts: texts, cursor: "\(index)"))
        }
        try await store.close()
    }

    /// Uses everything; nothing but a `StoreError` may come of it.
    private func exercise() async {
        // A database that cannot even be opened has answered as it should.
        guard let store = try? Fixtures.store(at: self.path) else { return }
        let uses: [() async throws -> Void] = [
            { _ = try await store.ledger(of: Fixtures.pipeline) },
            { _ = try await store.recentlyStored(in: Fixtures.pipeline, limit: 10) },
            { _ = try await store.search(SearchQuery(text: "oak forest", vector: nil, limit: 20)) },
            {
                let vector = Fixtures.vector(of: "x")
                let query = SearchQuery(text: "leaf", vector: vector, limit: 20, filter: SearchFilter(path: "guides"))
                _ = try await store.search(query)
            },
            { _ = try await store.vectors(for: ["oak", "elm"]) },
            { _ = try await store.replace(with: Fixtures.version("3", texts: ["birch", "pine"])) },
            { _ = try await store.remove(Fixtures.id("7")) },
            { _ = try await store.record(Fixtures.entry("8", state: .skipped(reason: "empty file"))) },
        ]
        for use in uses {
            do {
                try await use()
            } catch {
                #expect(error is StoreError, "\(error)")
            }
        }
        try? await store.close()
    }

    @Test(arguments: 0..<24)
    func overwrittenPagesEndInStoreErrors(seed: Int) async throws {
        try await self.fill()
        var generator = SplitMix64(seed: UInt64(seed))
        let url = URL(fileURLWithPath: self.path)
        var bytes = try Data(contentsOf: url)
        // The first page stays in half of the cases: without the schema nothing else is ever reached.
        let first = seed % 2 == 0 ? 4_096 : 100
        for _ in 0..<(1 << (seed % 5)) {
            let start = Int.random(in: first..<(bytes.count - 600), using: &generator)
            for offset in 0..<Int.random(in: 1...600, using: &generator) {
                bytes[start + offset] = UInt8.random(in: 0...255, using: &generator)
            }
        }
        try bytes.write(to: url)
        await self.exercise()
    }

    @Test func cutFileIsCalledDamaged() async throws {
        try await self.fill()
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: self.path))
        try handle.truncate(atOffset: 20_480)
        try handle.close()
        let error = await #expect(throws: StoreError.self) {
            let store = try Fixtures.store(at: self.path)
            _ = try await store.search(SearchQuery(text: "oak", vector: Fixtures.vector(of: "x"), limit: 20))
        }
        #expect(error == .damaged(path: self.path))
    }

    @Test(arguments: [
        "UPDATE vector_blocks SET codes = x'00'",
        "UPDATE vector_blocks SET scales = x''",
        "UPDATE vector_blocks SET scales = x'0000C07F0000C07F0000C07F0000C07F0000C07F0000C07F'",
        "UPDATE vector_blocks SET count = 9000000000000000000",
        "UPDATE vector_blocks SET pipeline = 9000000000000000000",
        "UPDATE vector_blocks SET first_chunk = first_chunk + 9223372036854775000 WHERE first_chunk = 1",
        "UPDATE vector_blocks SET first_chunk = -5 WHERE first_chunk = 1",
        "UPDATE vector_blocks SET first_chunk = 4 WHERE first_chunk = 7",
        "UPDATE documents SET embedding = x'0011'",
        "UPDATE documents SET metadata = '[]'",
        "UPDATE documents SET metadata = json_set(metadata, '$.chunk_index', 'first')",
    ])
    func valuesThatDoNotFitAreCalledDamaged(_ change: String) async throws {
        try await self.fill()
        try await Raw.change(self.path, change)
        let store = try Fixtures.store(at: self.path)
        await #expect(throws: StoreError.damaged(path: self.path)) {
            _ = try await store.search(SearchQuery(text: "", vector: Fixtures.vector(of: "x"), limit: 240))
        }
        try await store.close()
    }

    @Test(arguments: [
        "INSERT INTO vector_removals (first_chunk, count) VALUES (-9223372036854775807, 5)",
        "INSERT INTO vector_removals (first_chunk, count) VALUES (5, 9223372036854775807)",
    ])
    func removalsThatDoNotFitAreCalledDamaged(_ change: String) async throws {
        try await self.fill()
        let store = try Fixtures.store(at: self.path)
        let query = SearchQuery(text: "", vector: Fixtures.vector(of: "x"), limit: 5)
        _ = try await store.search(query)
        try await Raw.change(self.path, change)
        await #expect(throws: StoreError.damaged(path: self.path)) { try await store.search(query) }
        try await store.close()
    }

    @Test func impossibleChunkNumberIsCalledDamaged() async throws {
        try await self.fill()
        try await Raw.change(self.path, "UPDATE sqlite_sequence SET seq = 9223372036854775806 WHERE name = 'documents'")
        let store = try Fixtures.store(at: self.path)
        await #expect(throws: StoreError.damaged(path: self.path)) {
            try await store.replace(with: Fixtures.version("a", texts: ["oak", "elm", "ash"]))
        }
        try await store.close()
    }
}
