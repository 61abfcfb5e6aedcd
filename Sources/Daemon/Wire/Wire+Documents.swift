import Ingest
import SocketIO

extension Wire {
    static func name(_ document: SourceDocument) -> [String: JSONValue] {
        ["name": .string(document.name), "id": .string(document.id.file)]
    }

    /// `file` of `file:processing`, and with `stage` and `progress` an element of `files_processing`.
    static func processing(_ active: ActiveDocument) -> [String: JSONValue] {
        Self.name(active.document).with([
            "path": .string(active.document.path),
            "size": Self.int(active.document.size),
            "mime_type": Self.string(active.mediaType),
            "started_at": Self.time(active.startedAt),
        ])
    }

    static func results(_ results: Results) -> JSONValue {
        .object([
            "chunks_created": .int(results.chunksCreated),
            "embeddings_generated": .int(results.embeddingsGenerated),
            "embeddings_reused": .int(results.embeddingsReused),
            "processing_duration": Self.seconds(results.processingDuration),
            "content_length": .int(results.contentLength),
        ])
    }

    static func error(_ failed: FailedDocument) -> JSONValue {
        .object([
            "type": .string(failed.failure.type),
            "message": .string(failed.failure.message),
            "stage": .string(failed.failure.stage.rawValue),
            "retryable": .bool(failed.failure.isRetryable),
            "attempt": .int(failed.attempt),
            "next_attempt_at": Self.time(failed.nextAttemptAt),
        ])
    }

    /// An element of `files_completed`.
    static func completed(_ completed: CompletedDocument) -> JSONValue {
        .object(
            Self.name(completed.document).with([
                "path": .string(completed.document.path),
                "completed_at": Self.time(completed.completedAt),
                "results": Self.results(completed.results),
            ])
        )
    }

    /// An element of `files_failed`.
    static func failed(_ failed: FailedDocument) -> JSONValue {
        .object(
            Self.name(failed.document).with([
                "path": .string(failed.document.path),
                "failed_at": Self.time(failed.failedAt),
                "error": Self.error(failed),
            ])
        )
    }
}
