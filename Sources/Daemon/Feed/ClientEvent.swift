package import FoundationEssentials
package import Ingest
package import SocketIO

/// What clients may say, and the answers: the table "Client to server" of the contract, as pure functions.
package enum ClientEvent {
    /// What to do with an event and what to answer.
    package struct Reaction: Equatable {
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
        switch name {
        case "ping":
            return Reaction(answer: .int(Int((now.timeIntervalSince1970 * 1_000).rounded())))
        case "subscribe", "unsubscribe":
            return Self.subscription(arguments.first ?? .null, isNew: name == "subscribe", pipelines: pipelines)
        case "client:status":
            return Self.clientStatus(arguments.first ?? .null)
        default:
            return Self.refusal("unknown event; known are subscribe, unsubscribe, ping and client:status")
        }
    }

    private static func subscription(_ payload: JSONValue, isNew: Bool, pipelines: [Pipeline]) -> Reaction {
        let room: String
        if let id = payload["pipeline_id"]?.string {
            guard pipelines.contains(where: { $0.id.rawValue == id }) else {
                return Self.refusal("no such pipeline in this namespace")
            }
            room = "pipeline:\(id)"
        } else if let type = payload["pipeline_type"]?.string {
            guard pipelines.contains(where: { $0.type.rawValue == type }) else {
                return Self.refusal("no pipeline of this type in this namespace")
            }
            room = "pipeline:\(type)"
        } else {
            return Self.refusal("give a 'pipeline_id' or a 'pipeline_type', as a string")
        }
        let answer: JSONValue = .object(["ok": .bool(true), "rooms": .array([.string(room)])])
        guard isNew else { return Reaction(answer: answer, leave: [room]) }
        return Reaction(answer: answer, join: [room], leave: [Self.everything])
    }

    private static func clientStatus(_ payload: JSONValue) -> Reaction {
        guard payload["client_id"]?.string != nil, let status = payload["status"]?.string,
            ["active", "idle", "background"].contains(status)
        else {
            return Self.refusal("give a 'client_id' and a 'status' of active, idle or background")
        }
        return Reaction(answer: .object(["ok": .bool(true)]))
    }

    private static func refusal(_ error: String) -> Reaction {
        Reaction(answer: .object(["ok": .bool(false), "error": .string(error)]))
    }
}
