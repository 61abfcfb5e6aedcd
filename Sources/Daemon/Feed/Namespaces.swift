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

    /// - Parameters:
    ///   - pipelines: All of them, in the order of the configuration.
    ///   - live: What new clients are greeted with.
    init(pipelines: [Pipeline], live: LiveStatus) {
        self.pipelines = pipelines
        self.live = live
    }

    /// Every namespace: `/`, `/pipeline`, and one a pipeline type, whether or not a pipeline is of it.
    func all() -> [SocketNamespace] {
        let types = PipelineType.allCases.map { type in
            self.namespace("/\(type.rawValue)", pipelines: self.pipelines.filter { $0.type == type })
        }
        return [self.namespace("/", pipelines: []), self.namespace(Self.allPipelines, pipelines: self.pipelines)]
            + types
    }

    /// Sends an event of a pipeline to all who want to hear it.
    static func emit(_ event: WireEvent, of pipeline: Pipeline, through sockets: SocketServer) {
        let payload = EventPayload(.object(event.payload))
        for namespace in [Self.allPipelines, "/\(pipeline.type.rawValue)"] {
            let rooms = ClientEvent.rooms(for: pipeline)
            sockets.emit(event.name, payload, namespace: namespace, to: .rooms(rooms))
        }
    }

    private func namespace(_ name: String, pipelines: [Pipeline]) -> SocketNamespace {
        SocketNamespace(
            name,
            connected: { socket in self.greet(socket, pipelines: pipelines) },
            event: { socket, event in
                let reaction = ClientEvent.react(
                    to: event.name,
                    event.arguments,
                    pipelines: pipelines,
                    now: Date()
                )
                if !reaction.leave.isEmpty { socket.leave(reaction.leave) }
                if !reaction.join.isEmpty { socket.join(reaction.join) }
                event.acknowledgement?.answer(EventPayload(reaction.answer))
            }
        )
    }

    private func greet(_ socket: Socket, pipelines: [Pipeline]) {
        guard !pipelines.isEmpty else { return }
        let ids = Set(pipelines.map(\.id))
        self.live.greet { statuses in
            for status in statuses where ids.contains(status.pipeline.id) {
                socket.emit("pipeline:status", EventPayload(.object(Wire.status(status, now: Date()))))
            }
            socket.join([ClientEvent.everything])
        }
    }
}
