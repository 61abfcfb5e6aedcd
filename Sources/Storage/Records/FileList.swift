import FoundationEssentials
import GRDB
import Ingest

/// Lists files of the ledger for people, and gives failed ones a new start, within one transaction.
struct FileList {
    /// The most files of one page; bounds memory at a kilobyte or two each.
    static let maxLimit = 1_000

    private let db: Database

    init(_ db: Database) { self.db = db }

    func page(_ query: FileQuery) throws -> FilePage {
        let limit = min(max(1, query.limit), Self.maxLimit)
        var conditions = ["id > ?"]
        var arguments: [(any DatabaseValueConvertible)?] = [query.after]
        func require(_ condition: String, _ value: String?) {
            guard let value else { return }
            conditions.append(condition)
            arguments.append(value.storable)
        }
        if let pipelines = query.pipelines {
            conditions.append(Self.membership(of: pipelines, in: query))
            arguments += pipelines.map(\.rawValue.storable).sorted()
        }
        require("pipeline_id = ?", query.pipeline?.rawValue)
        require("file_id = ?", query.fileID)
        require("path = ?", query.path)
        require("path LIKE ? ESCAPE '\\'", query.text.map(Self.pattern))
        if let state = query.state { conditions.append(Self.condition(of: state)) }
        arguments.append(limit + 1)
        let rows = try Row.fetchAll(
            self.db.cachedStatement(
                sql: """
                    SELECT \(LedgerRow.selection), id FROM ledger
                    WHERE \(conditions.joined(separator: " AND ")) ORDER BY id LIMIT ?
                    """
            ),
            arguments: StatementArguments(arguments)
        )
        let kept = rows.prefix(limit)
        let next = rows.count > limit ? try kept.last?.decode(Int64.self, forColumn: "id") : nil
        return FilePage(entries: try kept.map(LedgerRow.decode), next: next)
    }

    func resetFailures(_ selection: RetrySelection, at now: Date) throws -> [LedgerEntry] {
        var condition = "state = 'failed'"
        var arguments: [(any DatabaseValueConvertible)?] = [LedgerRow.milliseconds(now)]
        switch selection {
        case .file(let id):
            condition += " AND pipeline_id = ? AND file_id = ?"
            arguments += [id.pipeline.rawValue.storable, id.file.storable]
        case .deadLetters(let pipeline):
            condition = Self.condition(of: .failed)
            if let pipeline {
                condition += " AND pipeline_id = ?"
                arguments.append(pipeline.rawValue.storable)
            }
        }
        let statement = try self.db.cachedStatement(
            sql: """
                UPDATE ledger SET attempt = 0, next_attempt_at = ?, error_retryable = 1
                WHERE \(condition) RETURNING \(LedgerRow.selection)
                """
        )
        return try Row.fetchAll(statement, arguments: StatementArguments(arguments)).map(LedgerRow.decode)
    }

    /// That a file's pipeline is one of these; a parameter for each.
    ///
    /// What most files are is read in the order of the list and passed over where it is of another pipeline: an index
    /// would find all of it anew for each page, and sort it. The plus keeps SQLite from using one.
    private static func membership(of pipelines: Set<PipelineID>, in query: FileQuery) -> String {
        let isMost = query.fileID == nil && (query.state == nil || query.state == .stored)
        let places = repeatElement("?", count: pipelines.count).joined(separator: ", ")
        return "\(isMost ? "+" : "")pipeline_id IN (\(places))"
    }

    private static func condition(of state: FileQuery.State) -> String {
        switch state {
        case .stored: "state = 'stored'"
        case .skipped: "state = 'skipped'"
        case .retrying: "state = 'failed' AND next_attempt_at IS NOT NULL"
        case .failed: "state = 'failed' AND next_attempt_at IS NULL"
        }
    }

    /// A LIKE pattern for texts that contain this one.
    private static func pattern(containing text: String) -> String {
        let escaped = text.reduce(into: "") { result, character in
            if "\\%_".contains(character) { result.append("\\") }
            result.append(character)
        }
        return "%\(escaped)%"
    }
}
