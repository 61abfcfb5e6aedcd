import Ingest
import SocketIO

extension Wire {
    /// The answer of `GET /api/deletions`, and of `corpusd deletions list --json`: an element a pipeline.
    ///
    /// Every pipeline that was asked for is there, with all of its counts, also where the page has no file of it.
    static func deletions(_ page: HeldDeletionPage, of pipelines: [PipelineID]) -> JSONValue {
        let files = Dictionary(grouping: page.deletions, by: \.document.pipeline)
        let answers = pipelines.map { pipeline in
            JSONValue.object([
                "pipeline_id": .string(pipeline.rawValue),
                "held": .int(page.counts[pipeline]?[.held] ?? 0),
                "kept": .int(page.counts[pipeline]?[.kept] ?? 0),
                "files": .array((files[pipeline] ?? []).map(Self.deletion)),
            ])
        }
        return ["pipelines": .array(answers), "next_cursor": Self.string(page.next.map { String($0) })]
    }

    private static func deletion(_ deletion: HeldDeletion) -> JSONValue {
        .object([
            "id": .string(deletion.document.file), "path": .string(deletion.path),
            "state": .string(deletion.state.rawValue), "since": Self.time(deletion.since),
        ])
    }
}
