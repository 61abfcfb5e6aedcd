package import FoundationEssentials
package import Ingest

extension SQLiteStore {
    package func replace(with version: DocumentVersion) async throws -> StoredVersion {
        try self.requireUsable(version.vectors, for: version.chunks.count)
        return try await self.write { db in try DocumentWriter(db).replace(with: version) }
    }

    package func record(_ entry: LedgerEntry) async throws -> StoreTotals {
        try await self.write { db in
            let writer = DocumentWriter(db)
            try writer.record(entry)
            return try writer.totals(of: entry.document.id.pipeline)
        }
    }

    package func commit(cursor: String, of pipeline: PipelineID) async throws {
        try await self.write { db in try DocumentWriter(db).commit(cursor: cursor, of: pipeline) }
    }

    package func remove(_ id: DocumentID) async throws -> StoreRemoval? {
        try await self.write { db in try DocumentWriter(db).remove(id) }
    }

    package func resetFailures(_ selection: RetrySelection, at now: Date) async throws -> [LedgerEntry] {
        try await self.write { db in try FileList(db).resetFailures(selection, at: now) }
    }

    /// Refuses vectors that could not be compared with the others.
    private func requireUsable(_ vectors: [[Float]], for chunkCount: Int) throws(StoreError) {
        guard vectors.count == chunkCount else {
            throw .unusableVectors(reason: "\(vectors.count) vectors for \(chunkCount) chunks")
        }
        for vector in vectors { try self.requireUsable(vector) }
    }

    func requireUsable(_ vector: [Float]) throws(StoreError) {
        guard vector.count == self.model.dimensions else {
            throw .unusableVectors(
                reason:
                    "a vector of \(vector.count) dimensions, where '\(self.model.name)' has \(self.model.dimensions)"
            )
        }
        guard vector.allSatisfy(\.isFinite) else {
            throw .unusableVectors(reason: "a vector with a component that is no finite number")
        }
    }
}
