import FoundationEssentials
import Ingest
import SocketIO
import Web

/// The Socket.IO namespaces of the contract, and who hears what in them.
struct Namespaces: Sendable {
    /// The namespace that carries every pipeline.
    static let allPipelines = "/pipeline"

    private let pipelines: [Pipeline]
    private let live: LiveStatus
    private let tally: EventTally

    /// - Parameters:
    ///   - pipelines: All of them, in the order of the configuration.
    ///   - live: What new clients are greeted with.
    ///   - tally: Counts what clients send.
    init(pipelines: [Pipeline], live: LiveStatus, tally: EventTally) {
        self.pipelines = pipelines
        self.live = live
        self.tally = tally
    }

    /// Every namespace: `/`, `/pipeline`, and one a pipeline type, whether or not a pipeline is of it.
    func all() -> [SocketNamespace] {
        let types = PipelineType.allCases.map { type in
            self.namespace("/\(type.rawValue)", pipelines: self.pipelines.filter { $0.type == type })
        }
        return [self.namespace("/", pipelines: []), self.namespace(Self.allPipelines, pipelines: self.pipelines)]
            + types
    }

    /// The namespaces that carry a pipeline.
    static func names(for pipeline: Pipeline) -> [String] { [Self.allPipelines, "/\(pipeline.type.rawValue)"] }

    private func namespace(_ name: String, pipelines: [Pipeline]) -> SocketNamespace {
        SocketNamespace(
            name,
            connected: { socket, request in
                // Who gets back what it missed has its rooms and knows what was before.
                if !request.isRecovered { self.greet(socket, pipelines: pipelines) }
            },
            event: { socket, event in
                let reaction = ClientEvent.react(
                    to: event.name,
                    event.arguments,
                    pipelines: pipelines,
                    now: Date()
                )
                self.tally.received(reaction.name, reaction.outcome)
                // In this order no event falls in between; one that is heard in both rooms comes once.
                if !reaction.join.isEmpty { socket.join(reaction.join) }
                if !reaction.leave.isEmpty { socket.leave(reaction.leave) }
                event.acknowledgement?.answer(EventPayload(reaction.answer))
            }
        )
    }

    private func greet(_ socket: Socket, pipelines: [Pipeline]) {
        guard !pipelines.isEmpty else { return }
        let ids = Set(pipelines.map(\.id))
        self.live.greet { statuses in
            for status in statuses where ids.contains(status.pipeline.id) {
                let event = WireEvent(.pipelineStatus, Wire.status(status, now: Date()))
                socket.emit(event.name, EventPayload(.object(event.payload)))
                self.tally.emitted(event.kind)
            }
            socket.join([ClientEvent.everything])
        }
    }
}
