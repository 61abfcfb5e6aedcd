package import FoundationEssentials
package import Ingest
import SocketIO
import Synchronization

/// The status as clients have been told it: a fold of the same events, so that a snapshot and what follows it fit.
///
/// Emitting and greeting exclude each other: a socket that is greeted gets every later event and none twice.
package final class LiveStatus: Sendable {
    private struct State {
        var statuses: [PipelineStatus]
        /// The lasting fields last sent by `status:update`, by pipeline.
        var sent: [PipelineID: [String: JSONValue]] = [:]
        var changed: Set<PipelineID> = []

        init(statuses: [PipelineStatus]) {
            self.statuses = statuses
            for status in statuses {
                self.sent[status.pipeline.id] = Wire.lasting(Wire.status(status, now: status.startedAt))
            }
        }
    }

    /// Sends an event to all who want to hear of a pipeline; must not block.
    package typealias Emit = (WireEvent, Pipeline) -> Void

    private let state: Mutex<State>

    /// - Parameter statuses: Every pipeline as it starts, in the order of the configuration.
    package init(statuses: [PipelineStatus]) {
        self.state = Mutex(State(statuses: statuses))
    }

    /// Every pipeline as clients know it, in the order of the configuration.
    package var statuses: [PipelineStatus] { self.state.withLock { $0.statuses } }

    /// Lets the next `flush` tell everything, as clients may know what an earlier process told them last.
    package func assumeNothingIsKnown() {
        self.state.withLock { state in
            state.sent = [:]
            state.changed = Set(state.statuses.map(\.pipeline.id))
        }
    }

    /// Starts again from a snapshot; everything that changed meanwhile goes out with the next `flush`.
    package func reset(to statuses: [PipelineStatus]) {
        self.state.withLock { state in
            state.statuses = statuses
            state.changed.formUnion(statuses.map(\.pipeline.id))
        }
    }

    /// Folds an event in and tells clients of it.
    package func apply(_ event: IngestEvent, emit: Emit) {
        self.state.withLock { state in
            guard let index = state.statuses.firstIndex(where: { $0.pipeline.id == event.pipeline }) else { return }
            let before = state.statuses[index].state
            state.statuses[index].apply(event)
            // Progress has an event of its own; status:update need not repeat each step.
            if case .documentProgressed = event.kind {} else { state.changed.insert(event.pipeline) }
            let status = state.statuses[index]
            guard let event = Wire.event(event, before: before, after: status) else { return }
            emit(event, status.pipeline)
        }
    }

    /// Sends `status:update` for each pipeline that changed since the last call.
    package func flush(now: Date, emit: Emit) {
        self.state.withLock { state in
            for status in state.statuses where state.changed.contains(status.pipeline.id) {
                let id = status.pipeline.id
                let current = Wire.status(status, now: now)
                if let update = Wire.update(of: status.pipeline, from: state.sent[id] ?? [:], to: current, now: now) {
                    emit(update, status.pipeline)
                }
                state.sent[id] = Wire.lasting(current)
            }
            state.changed = []
        }
    }

    /// Hands the statuses to `body` at a moment at which no event is being sent.
    ///
    /// What `body` sends to a socket comes before every later event, and rooms it joins miss none.
    package func greet(_ body: ([PipelineStatus]) -> Void) {
        self.state.withLock { body($0.statuses) }
    }
}
