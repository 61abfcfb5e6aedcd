import Synchronization

/// The removals that a person confirmed and that are yet to be done, of every pipeline.
///
/// The store knows them as well, so that they outlive a restart; here is what has to be asked often.
package final class ConfirmedRemovals: Sendable {
    private struct Lane {
        /// Not removed yet, and not withdrawn.
        var pending: Set<DocumentID> = []
        /// What is to be queued, in order; some of it may be withdrawn by then.
        let stream: AsyncStream<DocumentID>
        let continuation: AsyncStream<DocumentID>.Continuation

        init() { (self.stream, self.continuation) = AsyncStream.makeStream() }
    }

    private let lanes = Mutex<[PipelineID: Lane]>([:])

    package init() {}

    /// Documents are to be removed; those that are already, are once.
    package func add(_ documents: [DocumentID]) {
        self.lanes.withLock { lanes in
            for id in documents where lanes[id.pipeline, default: Lane()].pending.insert(id).inserted {
                lanes[id.pipeline]?.continuation.yield(id)
            }
        }
    }

    /// Whether a document is yet to be removed.
    package func contains(_ id: DocumentID) -> Bool {
        self.lanes.withLock { $0[id.pipeline]?.pending.contains(id) ?? false }
    }

    /// A document is gone, or is not to be removed after all.
    package func forget(_ id: DocumentID) { self.lanes.withLock { _ = $0[id.pipeline]?.pending.remove(id) } }

    /// All that were added, one after another, for one reader.
    func documents(in pipeline: PipelineID) -> AsyncStream<DocumentID> {
        self.lanes.withLock { lanes in
            let lane = lanes[pipeline] ?? Lane()
            lanes[pipeline] = lane
            return lane.stream
        }
    }
}
