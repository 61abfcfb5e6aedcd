package import SocketIO

/// A client that wants to join a namespace.
package struct ConnectRequest: Sendable {
    package let namespace: String
    /// What the client's `auth` option holds: an object, or nothing.
    package let auth: JSONValue?
    package let handshake: SocketHandshake
    /// The rooms that a client is in again, as its connection was only lost; nil for one that joins afresh.
    package internal(set) var recoveredRooms: Set<String>?

    /// Whether the client was here before, and has had, or gets now, every event since.
    package var isRecovered: Bool { self.recoveredRooms != nil }
}

/// Whether a client may join.
package enum ConnectDecision: Sendable {
    case accept
    /// The client's `connect_error` gets the message, and the data if there is any.
    case refuse(message: String, data: JSONValue?)
}
