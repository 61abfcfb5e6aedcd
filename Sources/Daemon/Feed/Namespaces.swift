import FoundationEssentials
import Ingest
import SocketIO
import Synchronization
import Web

/// The Socket.IO namespaces of the contract, and who hears what in them.
struct Namespaces: Sendable {
    /// The namespace that carries every pipeline.
    static let allPipelines = "/pipeline"

    private let pipelines: [Pipeline]
    private let live: LiveStatus
    private let tally: EventTally
    private let access: AccessControl
    private let limited = LimitedSockets()

    /// - Parameters:
    ///   - pipelines: All of them, in the order of the configuration.
    ///   - live: What new clients are greeted with.
    ///   - tally: Counts what clients send.
    ///   - access: Decides who may join.
    init(pipelines: [Pipeline], live: LiveStatus, tally: EventTally, access: AccessControl) {
        self.pipelines = pipelines
        self.live = live
        self.tally = tally
        self.access = access
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
            authorise: { request in self.access.decision(request) },
            mayReturn: { request in
                // The token that it brings now may be another one than before.
                let grant = self.access.grant(of: request)
                let pipelines = pipelines.filter { grant.covers($0.id) }
                return Rooms.suit(
                    request.recoveredRooms ?? [], pipelines: pipelines, isLimited: grant.pipelines != nil)
            },
            connected: { socket, request in
                let grant = self.access.grant(of: request)
                self.limited.add(socket.id, grant)
                // Who gets back what it missed has its rooms and knows what was before.
                if !request.isRecovered { self.greet(socket, grant, pipelines: pipelines) }
            },
            event: { socket, event in
                let covered = self.limited.covered(by: socket.id)
                let reaction = ClientEvent.react(
                    to: event.name,
                    event.arguments,
                    pipelines: pipelines.filter { covered?.contains($0.id) ?? true },
                    isLimited: covered != nil,
                    now: Date()
                )
                self.tally.received(reaction.name, reaction.outcome)
                // In this order no event falls in between; one that is heard in both rooms comes once.
                if !reaction.join.isEmpty { socket.join(reaction.join) }
                if !reaction.leave.isEmpty { socket.leave(reaction.leave) }
                event.acknowledgement?.answer(EventPayload(reaction.answer))
            },
            disconnected: { socket, _ in self.limited.remove(socket.id) }
        )
    }

    private func greet(_ socket: Socket, _ grant: Grant, pipelines: [Pipeline]) {
        let pipelines = pipelines.filter { grant.covers($0.id) }
        guard !pipelines.isEmpty else { return }
        let ids = Set(pipelines.map(\.id))
        self.live.greet { statuses in
            for status in statuses where ids.contains(status.pipeline.id) {
                let event = WireEvent(.pipelineStatus, Wire.status(status, now: Date()))
                socket.emit(event.name, EventPayload(.object(event.payload)))
                self.tally.emitted(event.kind)
            }
            // Who may hear some pipelines only is in their rooms, and never in the one of all.
            socket.join(Rooms.initial(pipelines, isLimited: grant.pipelines != nil))
        }
    }
}
