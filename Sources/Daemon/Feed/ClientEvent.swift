package import FoundationEssentials
package import Ingest
package import SocketIO

/// What clients may say, and the answers: the table "Client to server" of the contract, as pure functions.
package enum ClientEvent {
    /// Every event that clients may send; the raw values are wire format.
    package enum Name: String, Sendable, CaseIterable {
        case subscribe
        case unsubscribe
        case ping
        case clientStatus = "client:status"
        /// Stands for every other name.
        case other
    }

    /// What became of an event.
    package enum Outcome: String, Sendable, CaseIterable {
        case accepted
        /// Well formed, and about a pipeline that the namespace does not have.
        case refused
        /// Its payload is not what the contract says.
        case malformed
        /// Its name is none of the contract's.
        case unknown
    }

    /// What to do with an event and what to answer.
    package struct Reaction: Equatable {
        package let name: Name
        package let outcome: Outcome
        package var answer: JSONValue
        /// Rooms to join or leave; subscribing ends the delivery of everything else.
        package var join: [String] = []
        package var leave: [String] = []
    }

    /// The room of those who never subscribed.
    package static let everything = "all"

    /// The rooms in which an event of a pipeline is heard.
    package static func rooms(for pipeline: Pipeline) -> [String] {
        [Self.everything, "pipeline:\(pipeline.id)", "pipeline:\(pipeline.type.rawValue)"]
    }

    /// Reads one event of a client.
    ///
    /// - Parameters:
    ///   - name: The event's name.
    ///   - arguments: Whatever the client sent; nothing about it is certain.
    ///   - pipelines: Those of the client's namespace.
    ///   - now: For the answer to `ping`.
    /// - Returns: What to do; a malformed event does nothing.
    package static func react(to name: String, _ arguments: [JSONValue], pipelines: [Pipeline], now: Date) -> Reaction {
        let payload = arguments.first ?? .null
        switch Name(rawValue: name) {
        case .ping:
            return .accepted(.ping, .int(Int((now.timeIntervalSince1970 * 1_000).rounded())))
        case .subscribe:
            return Self.subscription(.subscribe, payload, pipelines: pipelines)
        case .unsubscribe:
            return Self.subscription(.unsubscribe, payload, pipelines: pipelines)
        case .clientStatus:
            return Self.clientStatus(payload)
        case .other, nil:
            let error = "unknown event; known are subscribe, unsubscribe, ping and client:status"
            return .refused(.other, .unknown, error)
        }
    }

    private static func subscription(_ name: Name, _ payload: JSONValue, pipelines: [Pipeline]) -> Reaction {
        let room: String
        if let id = payload["pipeline_id"]?.string {
            guard pipelines.contains(where: { $0.id.rawValue == id }) else {
                return .refused(name, .refused, "no such pipeline in this namespace")
            }
            room = "pipeline:\(id)"
        } else if let type = payload["pipeline_type"]?.string {
            guard pipelines.contains(where: { $0.type.rawValue == type }) else {
                return .refused(name, .refused, "no pipeline of this type in this namespace")
            }
            room = "pipeline:\(type)"
        } else {
            return .refused(name, .malformed, "give a 'pipeline_id' or a 'pipeline_type', as a string")
        }
        var reaction = Reaction.accepted(name, .object(["ok": .bool(true), "rooms": .array([.string(room)])]))
        if name == .subscribe {
            reaction.join = [room]
            reaction.leave = [Self.everything]
        } else {
            reaction.leave = [room]
        }
        return reaction
    }

    private static func clientStatus(_ payload: JSONValue) -> Reaction {
        guard payload["client_id"]?.string != nil, let status = payload["status"]?.string,
            ["active", "idle", "background"].contains(status)
        else {
            return .refused(
                .clientStatus, .malformed, "give a 'client_id' and a 'status' of active, idle or background"
            )
        }
        return .accepted(.clientStatus, .object(["ok": .bool(true)]))
    }
}

extension ClientEvent.Reaction {
    fileprivate static func accepted(_ name: ClientEvent.Name, _ answer: JSONValue) -> Self {
        Self(name: name, outcome: .accepted, answer: answer)
    }

    fileprivate static func refused(_ name: ClientEvent.Name, _ outcome: ClientEvent.Outcome, _ error: String) -> Self {
        Self(name: name, outcome: outcome, answer: .object(["ok": .bool(false), "error": .string(error)]))
    }
}
