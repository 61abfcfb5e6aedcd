import FoundationEssentials
import ServiceLifecycle

/// Queues the removals that a person confirmed, as the queue has room for them.
///
/// Those of a paused pipeline wait and hold up no others. Graceful shutdown: what is not queued stays in the store, as
/// what is queued and not done does; the next start takes all of it up again.
package struct RemovalService: Service, CustomStringConvertible {
    private let pipelines: [PipelineID]
    private let removals: ConfirmedRemovals
    private let dispatcher: JobDispatcher
    private let board: StatusBoard

    /// - Parameters:
    ///   - pipelines: All there are.
    ///   - removals: What is to be queued; of each pipeline this service is the only reader.
    ///   - dispatcher: Takes them.
    ///   - board: Told how many changes wait.
    package init(
        pipelines: [PipelineID], removals: ConfirmedRemovals, dispatcher: JobDispatcher, board: StatusBoard
    ) {
        self.pipelines = pipelines
        self.removals = removals
        self.dispatcher = dispatcher
        self.board = board
    }

    /// What ServiceLifecycle prints of it.
    package var description: String { "confirmed removals" }

    package func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            for pipeline in self.pipelines { group.addTask { await self.feed(pipeline) } }
        }
        try? await gracefulShutdown()
    }

    private func feed(_ pipeline: PipelineID) async {
        try? await cancelWhenGracefulShutdown {
            for await id in self.removals.documents(in: pipeline) {
                // A source that sees the file after all has its say in the same queue: whoever comes later wins.
                try await self.dispatcher.offer(.removed(id)) { self.removals.contains(id) }
                let waiting = self.dispatcher.waitingCount(in: pipeline)
                await self.board.record(IngestEvent(.queueChanged(waiting: waiting), in: pipeline, at: Date()))
            }
        }
    }
}
