import Ingest
import SocketIO

extension Wire {
    /// The answer of `GET /api/deletions`, and of `corpusd deletions list --json`: an element a pipeline.
    static func deletions(_ pipelines: [(pipeline: PipelineID, deletions: [HeldDeletion])]) -> JSONValue {
        .object([
            "pipelines": .array(
                pipelines.map { pipeline, deletions in
                    .object([
                        "pipeline_id": .string(pipeline.rawValue),
                        "held": .int(deletions.count { $0.state == .held }),
                        "kept": .int(deletions.count { $0.state == .kept }),
                        "files": .array(deletions.map(Self.deletion)),
                    ])
                }
            )
        ])
    }

    private static func deletion(_ deletion: HeldDeletion) -> JSONValue {
        .object([
            "id": .string(deletion.document.file), "path": .string(deletion.path),
            "state": .string(deletion.state.rawValue), "since": Self.time(deletion.since),
        ])
    }
}
