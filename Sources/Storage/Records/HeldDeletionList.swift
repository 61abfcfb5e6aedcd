import GRDB
import Ingest

/// Lists deletions on hold for people, within one transaction.
struct HeldDeletionList {
    /// The most deletions of one page.
    static let maxLimit = 1_000

    private let db: Database

    init(_ db: Database) { self.db = db }

    func page(_ query: HeldDeletionQuery) throws -> HeldDeletionPage {
        let limit = min(max(1, query.limit), Self.maxLimit)
        let places = repeatElement("?", count: query.pipelines.count).joined(separator: ", ")
        let names: [(any DatabaseValueConvertible)?] = query.pipelines.map(\.rawValue.storable).sorted()
        var condition = "held_deletions.pipeline_id IN (\(places)) AND held_deletions.ledger_id > ?"
        var arguments = names + [query.after]
        if let state = query.state {
            condition += " AND held_deletions.state = ?"
            arguments.append(state.rawValue)
        }
        let rows = try Row.fetchAll(
            self.db.cachedStatement(
                sql: """
                    SELECT held_deletions.pipeline_id, ledger.file_id, ledger.path, held_deletions.state,
                        held_deletions.since, held_deletions.ledger_id
                    FROM held_deletions JOIN ledger ON ledger.id = held_deletions.ledger_id
                    WHERE \(condition) ORDER BY held_deletions.ledger_id LIMIT ?
                    """
            ),
            arguments: StatementArguments(arguments + [limit + 1])
        )
        let kept = rows.prefix(limit)
        return HeldDeletionPage(
            deletions: try kept.map(Self.decode),
            counts: try self.counts(places, names),
            next: rows.count > limit ? try kept.last?.decode(Int64.self, forColumn: "ledger_id") : nil
        )
    }

    private func counts(
        _ places: String, _ names: [(any DatabaseValueConvertible)?]
    ) throws -> [PipelineID: [HeldDeletion.State: Int]] {
        let statement = try self.db.cachedStatement(
            sql: """
                SELECT pipeline_id, state, count(*) FROM held_deletions
                WHERE pipeline_id IN (\(places)) GROUP BY pipeline_id, state
                """
        )
        var counts: [PipelineID: [HeldDeletion.State: Int]] = [:]
        for row in try Row.fetchAll(statement, arguments: StatementArguments(names)) {
            var reader = RowReader(row)
            let pipeline = PipelineID(try reader.next())
            let state = HeldDeletion.State(rawValue: try reader.next()) ?? .held
            counts[pipeline, default: [:]][state] = try reader.next()
        }
        return counts
    }

    private static func decode(_ row: Row) throws -> HeldDeletion {
        var reader = RowReader(row)
        let document = DocumentID(pipeline: PipelineID(try reader.next()), file: try reader.next())
        return HeldDeletion(
            document: document,
            path: try reader.next(),
            state: HeldDeletion.State(rawValue: try reader.next()) ?? .held,
            since: LedgerRow.date(try reader.next())
        )
    }
}
