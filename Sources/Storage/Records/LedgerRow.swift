import FoundationEssentials
import GRDB
import Ingest

/// One row of `ledger`: a `LedgerEntry` in columns, its state spread over those that the state has.
enum LedgerRow {
    private static let identity = ["pipeline_id", "file_id"]
    private static let place = ["name", "path", "url", "size", "mime_type", "fingerprint"]
    private static let content = ["content_hash", "media_type", "updated_at"]
    private static let state = [
        "state", "skip_reason",
        "chunks_created", "embeddings_generated", "embeddings_reused", "processing_duration", "content_length",
        "error_type", "error_message", "error_stage", "error_retryable", "attempt", "next_attempt_at",
    ]

    private static let timings = Stage.allCases.map { "\($0.rawValue)_duration" }

    /// Every column that makes up an entry, in the order of `arguments` and `decode`.
    private static let columns = Self.identity + Self.place + Self.content + Self.timings + Self.state

    /// The columns for a `SELECT` that `decode` understands.
    static let selection = Self.columns.joined(separator: ", ")

    /// Inserts an entry or overwrites the one of the same document; answers the row's id.
    static let upsert = """
        INSERT INTO ledger (\(Self.selection))
        VALUES (\(Self.columns.map { _ in "?" }.joined(separator: ", ")))
        ON CONFLICT (pipeline_id, file_id) DO UPDATE SET
        \(Self.columns.dropFirst(Self.identity.count).map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
        RETURNING id
        """

    static func arguments(_ entry: LedgerEntry) -> StatementArguments {
        let document = entry.document
        let common: [(any DatabaseValueConvertible)?] = [
            document.id.pipeline.rawValue.storable, document.id.file.storable,
            document.name.storable, document.path.storable, document.url.storable,
            document.size, document.mimeType?.storable, document.fingerprint.storable,
            entry.contentHash?.storable, entry.mediaType?.storable, Self.milliseconds(entry.updatedAt),
        ]
        let timings: [(any DatabaseValueConvertible)?] = Stage.allCases.map { entry.timings[$0] }
        return StatementArguments(common + timings + Self.arguments(entry.state))
    }

    private static func arguments(_ state: LedgerEntry.State) -> [(any DatabaseValueConvertible)?] {
        switch state {
        case .stored(let results):
            [
                "stored", nil,
                results.chunksCreated, results.embeddingsGenerated, results.embeddingsReused,
                results.processingDuration, results.contentLength,
                nil, nil, nil, nil, nil, nil,
            ]
        case .skipped(let reason):
            ["skipped", reason.storable, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil]
        case .failed(let failure, let attempt, let nextAttemptAt):
            [
                "failed", nil, nil, nil, nil, nil, nil,
                failure.type.storable, failure.message.storable, failure.stage.rawValue, failure.isRetryable,
                attempt, nextAttemptAt.map(Self.milliseconds),
            ]
        }
    }

    /// Reads an entry from a row of `selection`.
    static func decode(_ row: Row) throws -> LedgerEntry {
        var reader = RowReader(row)
        let id = DocumentID(pipeline: PipelineID(try reader.next()), file: try reader.next())
        let document = SourceDocument(
            id: id,
            name: try reader.next(),
            path: try reader.next(),
            url: try reader.next(),
            size: try reader.next(),
            mimeType: try reader.next(),
            fingerprint: try reader.next()
        )
        let contentHash: String? = try reader.next()
        let mediaType: String? = try reader.next()
        let updatedAt = Self.date(try reader.next())
        var timings = StageTimings()
        for stage in Stage.allCases { timings[stage] = try reader.next() }
        return LedgerEntry(
            document: document,
            state: try Self.decodeState(&reader),
            contentHash: contentHash,
            mediaType: mediaType,
            updatedAt: updatedAt,
            timings: timings
        )
    }

    private static func decodeState(_ reader: inout RowReader) throws -> LedgerEntry.State {
        let state: String = try reader.next()
        switch state {
        case "stored":
            reader.skip(1)
            return .stored(
                Results(
                    chunksCreated: try reader.next(),
                    embeddingsGenerated: try reader.next(),
                    embeddingsReused: try reader.next(),
                    processingDuration: try reader.next(),
                    contentLength: try reader.next()
                )
            )
        case "skipped":
            return .skipped(reason: try reader.next())
        default:
            reader.skip(6)
            let failure = DocumentFailure(
                type: try reader.next(),
                message: try reader.next(),
                stage: Stage(rawValue: try reader.next()) ?? .extraction,
                isRetryable: try reader.next()
            )
            let attempt: Int = try reader.next()
            let nextAttemptAt: Int64? = try reader.next()
            return .failed(failure, attempt: attempt, nextAttemptAt: nextAttemptAt.map(Self.date))
        }
    }

    /// Unix time in milliseconds, as all times in `ledger`.
    static func milliseconds(_ date: Date) -> Int64 {
        Int64(exactly: (date.timeIntervalSince1970 * 1_000).rounded()) ?? 0
    }

    static func date(_ milliseconds: Int64) -> Date {
        Date(timeIntervalSince1970: Double(milliseconds) / 1_000)
    }
}
