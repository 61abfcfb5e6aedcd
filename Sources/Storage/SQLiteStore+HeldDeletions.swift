package import FoundationEssentials
package import Ingest

extension SQLiteStore {
    package func hold(
        _ documents: [DocumentID],
        in pipeline: PipelineID,
        since: Date
    ) async throws -> StoreTotals {
        try await self.write { db in
            let records = HeldDeletionRecords(db)
            try records.hold(documents, since: since)
            return try DocumentReader(db).totals(of: pipeline)
        }
    }

    package func release(_ documents: [DocumentID], in pipeline: PipelineID) async throws -> StoreTotals {
        try await self.write { db in
            try HeldDeletionRecords(db).release(documents)
            return try DocumentReader(db).totals(of: pipeline)
        }
    }

    package func keepHeld(in pipeline: PipelineID) async throws -> StoreTotals {
        try await self.write { db in
            try HeldDeletionRecords(db).keep(in: pipeline)
            return try DocumentReader(db).totals(of: pipeline)
        }
    }

    package func confirmHeld(in pipeline: PipelineID, includingKept: Bool) async throws -> ConfirmedDeletions {
        try await self.write { db in
            let documents = try HeldDeletionRecords(db).confirm(in: pipeline, includingKept: includingKept)
            return ConfirmedDeletions(documents: documents, totals: try DocumentReader(db).totals(of: pipeline))
        }
    }

    package func confirmedDeletions(in pipeline: PipelineID) async throws -> [DocumentID] {
        try await self.read { db in try HeldDeletionRecords(db).confirmed(in: pipeline) }
    }

    package func withdrawConfirmation(of id: DocumentID) async throws {
        try await self.write { db in try HeldDeletionRecords(db).withdraw(id) }
    }

    package func heldDeletions(in pipeline: PipelineID, limit: Int) async throws -> [HeldDeletion] {
        try await self.read { db in try HeldDeletionRecords(db).list(in: pipeline, limit: limit) }
    }

    package func heldDeletions(_ query: HeldDeletionQuery) async throws -> HeldDeletionPage {
        try await self.read { db in try HeldDeletionList(db).page(query) }
    }
}
