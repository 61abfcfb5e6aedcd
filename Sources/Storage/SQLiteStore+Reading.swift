package import Ingest

extension SQLiteStore {
    package func ledger(of pipeline: PipelineID) async throws -> [LedgerEntry] {
        try await self.read { db in try DocumentReader(db).entries(of: pipeline) }
    }

    package func entry(for id: DocumentID) async throws -> LedgerEntry? {
        try await self.read { db in try DocumentReader(db).entry(for: id) }
    }

    package func totals(of pipeline: PipelineID) async throws -> StoreTotals {
        try await self.read { db in try DocumentReader(db).totals(of: pipeline) }
    }

    /// How many documents are stored of every pipeline that there ever was.
    package func documentCounts() async throws -> [PipelineID: Int] {
        try await self.read { db in try DocumentReader(db).documentCounts() }
    }

    package func recentlyStored(in pipeline: PipelineID, limit: Int) async throws -> [LedgerEntry] {
        try await self.read { db in try DocumentReader(db).newest("stored", of: pipeline, limit: limit) }
    }

    package func recentlyFailed(in pipeline: PipelineID, limit: Int) async throws -> [LedgerEntry] {
        try await self.read { db in try DocumentReader(db).newest("failed", of: pipeline, limit: limit) }
    }

    package func cursor(of pipeline: PipelineID) async throws -> String? {
        try await self.read { db in try DocumentReader(db).cursor(of: pipeline) }
    }

    package func chunks(of id: DocumentID, from index: Int, limit: Int) async throws -> [Chunk] {
        try await self.read { db in try DocumentReader(db).chunks(of: id, from: index, limit: limit) }
    }

    package func history(of id: DocumentID) async throws -> [HistoryEntry] {
        try await self.read { db in try DocumentHistory(db).entries(of: id) }
    }

    package func files(_ query: FileQuery) async throws -> FilePage {
        try await self.read { db in try FileList(db).page(query) }
    }

    package func vectors(for texts: [String]) async throws -> [[Float]?] {
        let dimensions = self.model.dimensions
        return try await self.read { db in
            let hashes = texts.map(TextHash.of)
            let found = try DocumentReader(db).vectors(forHashes: Set(hashes), dimensions: dimensions)
            return hashes.map { found[$0] }
        }
    }
}
