import Synchronization

/// `CursorProgress` of every pipeline, shared by sources and workers.
package final class CursorBook: Sendable {
    private let pipelines = Mutex<[PipelineID: CursorProgress]>([:])

    package init() {}

    func offer(_ change: Change) { self.change(change.document.pipeline) { $0.offer(change) } }

    func advance(_ pipeline: PipelineID, to cursor: String) -> String? {
        self.change(pipeline) { $0.advance(to: cursor) }
    }

    func take(_ change: Change) { self.change(change.document.pipeline) { $0.take(change) } }

    func completed(by id: DocumentID) -> String? { self.change(id.pipeline) { $0.completed(by: id) } }

    func finish(_ id: DocumentID, isDurable: Bool, committed: String?) -> String? {
        self.change(id.pipeline) { $0.finish(id, isDurable: isDurable, committed: committed) }
    }

    private func change<Result: Sendable>(
        _ pipeline: PipelineID,
        _ body: (inout CursorProgress) -> Result
    ) -> Result {
        self.pipelines.withLock { body(&$0[pipeline, default: CursorProgress()]) }
    }
}
