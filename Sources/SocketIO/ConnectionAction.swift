package import EngineIO

/// What the edge has to do for a connection, in this order.
package enum ConnectionAction: Equatable, Sendable {
    /// Send the messages of a packet.
    case send(EncodedPacket)
    /// Decide whether the client may join, and call `accept` or `refuse`.
    case authorise(namespace: String, auth: JSONValue?)
    /// The socket exists; its client has been told.
    case connected(namespace: String, SocketID)
    /// The client is not let in; send it this packet, which says why.
    case refused(namespace: String, EncodedPacket)
    /// An event came; with an id an answer is wanted.
    case event(namespace: String, SocketID, name: String, arguments: [JSONValue], id: Int?)
    /// The client answered an event.
    case acknowledged(SocketID, id: Int, arguments: [JSONValue])
    /// The client did not answer an event in time.
    case acknowledgementTimedOut(SocketID, id: Int)
    /// The socket is no more; what it was asked will not be answered.
    case disconnected(namespace: String, SocketID, DisconnectReason)
    /// Close the session under this connection.
    case close(CloseReason)
}
