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

    /// Reads one event of a client.
    ///
    /// - Parameters:
    ///   - name: The event's name.
    ///   - arguments: Whatever the client sent; nothing about it is certain.
    ///   - pipelines: Those of the client's namespace that it may know of.
    ///   - isLimited: Whether its token covers some pipelines only, so that it may be in no room of several.
    ///   - now: For the answer to `ping`.
    /// - Returns: What to do; a malformed event does nothing.
    package static func react(
        to name: String, _ arguments: [JSONValue], pipelines: [Pipeline], isLimited: Bool = false, now: Date
    ) -> Reaction {
        let payload = arguments.first ?? .null
        switch Name(rawValue: name) {
        case .ping:
            return .accepted(.ping, .int(Int((now.timeIntervalSince1970 * 1_000).rounded())))
        case .subscribe:
            return Self.subscription(.subscribe, payload, pipelines: pipelines, isLimited: isLimited)
        case .unsubscribe:
            return Self.subscription(.unsubscribe, payload, pipelines: pipelines, isLimited: isLimited)
        case .clientStatus:
            return Self.clientStatus(payload)
        case .other, nil:
            let error = "unknown event; known are subscribe, unsubscribe, ping and client:status"
            return .refused(.other, .unknown, error)
        }
    }

    private static func subscription(
        _ name: Name, _ payload: JSONValue, pipelines: [Pipeline], isLimited: Bool
    ) -> Reaction {
        let rooms: [String]
        let told: [String]
        if let id = payload["pipeline_id"]?.string {
            guard let pipeline = pipelines.first(where: { $0.id.rawValue == id }) else {
                return .refused(name, .refused, "no such pipeline in this namespace")
            }
            rooms = [Rooms.of(pipeline.id)]
            told = rooms
        } else if let type = payload["pipeline_type"]?.string {
            let found = pipelines.filter { $0.type.rawValue == type }
            guard let first = found.first else {
                return .refused(name, .refused, "no pipeline of this type in this namespace")
            }
            rooms = isLimited ? found.map { Rooms.of($0.id) } : [Rooms.of(first.type)]
            told = isLimited ? rooms : ["pipeline:\(type)"]
        } else {
            return .refused(name, .malformed, "give a 'pipeline_id' or a 'pipeline_type', as a string")
        }
        let answer: JSONValue = .object(["ok": .bool(true), "rooms": .array(told.map { .string($0) })])
        var reaction = Reaction.accepted(name, answer)
        if name == .subscribe {
            reaction.join = rooms
            reaction.leave = Rooms.initial(pipelines, isLimited: isLimited)
        } else {
            reaction.leave = rooms
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
