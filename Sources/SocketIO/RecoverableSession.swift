/// What is kept of a socket whose connection was lost, until its client comes back for it or does not.
package struct RecoverableSession: Equatable, Sendable {
    package let privateID: PrivateID
    package let socket: SocketID
    package let namespace: String
    package let rooms: Set<String>
    /// The log's position when the socket first joined: its client never gets what was before.
    package let joinedAt: Int
    /// When the connection was found to be lost, since 1970.
    package let leftAt: Duration

    /// Describes a socket that was lost.
    ///
    /// - Parameters:
    ///   - privateID: What its client was told.
    ///   - socket: Its public id.
    ///   - namespace: Where it was.
    ///   - rooms: Those it was in.
    ///   - joinedAt: `RecoveryLog.position` when it joined; for a restored socket, what its session said.
    ///   - leftAt: The time since 1970.
    package init(
        privateID: PrivateID,
        socket: SocketID,
        namespace: String,
        rooms: Set<String>,
        joinedAt: Int,
        leftAt: Duration
    ) {
        self.privateID = privateID
        self.socket = socket
        self.namespace = namespace
        self.rooms = rooms
        self.joinedAt = joinedAt
        self.leftAt = leftAt
    }
}

/// A session that came back, and what it missed.
package struct RestoredSession: Equatable, Sendable {
    package let session: RecoverableSession
    /// The events for its rooms that its client has not had, oldest first, each with its offset.
    package let missed: [EncodedPacket]
    /// The log's position: what is at or before it and still on its way to the socket is among `missed` already.
    package let position: Int
}

/// What a client that comes back says of itself when it joins a namespace.
package struct RecoveryClaim: Equatable, Sendable {
    package let privateID: PrivateID
    /// The last event it got; nil if it never got any.
    package let offset: RecoveryOffset?

    /// Reads the members `pid` and `offset` of an auth payload; nil if it claims nothing, or what nobody was told.
    ///
    /// - Parameter auth: What came with the packet that joins.
    package init?(auth: JSONValue?) {
        guard let privateID = auth?["pid"]?.string.flatMap({ PrivateID($0) }) else { return nil }
        self.privateID = privateID
        switch auth?["offset"] {
        case nil, .null?:
            self.offset = nil
        case .string(let text)?:
            guard let offset = RecoveryOffset(text) else { return nil }
            self.offset = offset
        default:
            return nil
        }
    }
}
