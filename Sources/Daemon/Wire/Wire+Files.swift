import Ingest
import SocketIO

extension Wire {
    /// The answer of `GET /api/files`; `next_cursor` is null on the last page.
    static func page(_ page: FilePage) -> JSONValue {
        .object([
            "files": .array(page.entries.map(Self.file)),
            "next_cursor": Self.string(page.next.map { String($0) }),
        ])
    }

    /// The answer of `GET /api/files/{id}`: with what came of it, the newest first.
    static func file(_ entry: LedgerEntry, history: [HistoryEntry]) -> [String: JSONValue] {
        Self.fields(of: entry).with(["history": .array(history.map(Self.outcome))])
    }

    private static func outcome(_ entry: HistoryEntry) -> JSONValue {
        .object([
            "at": Self.time(entry.at),
            "outcome": .string(entry.outcome.rawValue),
            "path": .string(entry.path),
            "message": Self.string(entry.message),
            "error_type": Self.string(entry.errorType),
            "stage": Self.string(entry.stage?.rawValue),
            "attempt": Self.int(entry.attempt),
            "chunks_created": Self.int(entry.chunksCreated),
            "embeddings_reused": Self.int(entry.embeddingsReused),
            "processing_duration": Self.seconds(entry.duration),
        ])
    }

    /// A file as the ledger knows it.
    static func file(_ entry: LedgerEntry) -> JSONValue { .object(Self.fields(of: entry)) }

    private static func fields(of entry: LedgerEntry) -> [String: JSONValue] {
        var fields: [String: JSONValue] = [
            "pipeline_id": .string(entry.document.id.pipeline.rawValue),
            "path": .string(entry.document.path),
            "url": .string(entry.document.url),
            "size": Self.int(entry.document.size),
            "mime_type": Self.string(entry.mediaType ?? entry.document.mimeType),
            "content_hash": Self.string(entry.contentHash),
            "state": .string(entry.fileState.rawValue),
            "updated_at": Self.time(entry.updatedAt),
            "stage_durations": .object(
                Dictionary(uniqueKeysWithValues: Stage.allCases.map { ($0.rawValue, Self.seconds(entry.timings[$0])) })
            ),
            "results": .null, "skip_reason": .null, "error": .null,
        ]
        switch entry.state {
        case .stored(let results): fields["results"] = Self.results(results)
        case .skipped(let reason): fields["skip_reason"] = .string(reason)
        case .failed: fields["error"] = FailedDocument(entry).map(Self.error) ?? .null
        }
        return Self.name(entry.document).with(fields)
    }

    /// The answer to a request for another try.
    static func retried(_ entries: [LedgerEntry]) -> JSONValue {
        .object(["retried": .int(entries.count), "files": .array(entries.prefix(100).map(Self.file))])
    }
}
