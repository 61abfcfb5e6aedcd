import GRDB
package import Ingest

/// What `corpusd verify` and `corpusd scan` ask beyond the seam.
extension SQLiteStore {
    /// Compares the tables with each other; changes nothing.
    ///
    /// - Parameters:
    ///   - isDeep: Whether every passage and every vector is read.
    ///   - comparesFullText: Whether every word of the index is compared; only a store that may write can do that.
    /// - Returns: What was found.
    /// - Throws: `StoreError` when it cannot be read.
    package func verify(isDeep: Bool, comparesFullText: Bool) async throws -> StoreFindings {
        let dimensions = self.model.dimensions
        let body: @Sendable (Database) throws -> StoreFindings = { db in
            var check = StoreCheck(db, dimensions: dimensions)
            try check.compareTables()
            if isDeep { try check.compareContents() }
            if comparesFullText { try check.compareFullText() }
            return check.findings
        }
        return comparesFullText ? try await self.write(body) : try await self.read(body)
    }

    /// Mends what `verify` finds, all of it or nothing.
    ///
    /// - Parameter findings: What was found just now.
    /// - Returns: How many files are to be processed again, which their source does at its next check.
    /// - Throws: `StoreError`; then nothing has changed.
    package func repair(_ findings: StoreFindings) async throws -> Int {
        let dimensions = self.model.dimensions
        return try await self.write { db in try StoreRepair(db, dimensions: dimensions).mend(findings) }
    }

    /// How many files of a pipeline failed of what.
    package func failures(in pipeline: PipelineID) async throws -> [FailureCount] {
        try await self.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT error_type, next_attempt_at IS NOT NULL, count(*) FROM ledger
                    WHERE pipeline_id = ? AND state = 'failed' GROUP BY 1, 2 ORDER BY 1, 2
                    """,
                arguments: [pipeline.rawValue.storable]
            ).map { row in
                var reader = RowReader(row)
                return FailureCount(
                    type: try reader.next(), isRetried: try reader.next(), files: try reader.next()
                )
            }
        }
    }
}

/// How many files failed of one thing.
package struct FailureCount: Equatable, Sendable {
    /// `DocumentFailure.type`.
    package var type: String
    /// Whether they are tried again by themselves.
    package var isRetried: Bool
    package var files: Int

    package init(type: String, isRetried: Bool, files: Int) {
        self.type = type
        self.isRetried = isRetried
        self.files = files
    }
}
