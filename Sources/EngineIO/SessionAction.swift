/// What the edge has to do for a session, in this order.
package enum SessionAction<Outgoing: OutgoingMessage>: Sendable {
    /// Answer a poll with these packets as one payload.
    case respond(PollID, [OutgoingPacket<Outgoing>])
    /// Answer a poll with `RequestError.badRequest`.
    case refuse(PollID)
    /// Answer the payload just posted: "ok", or `RequestError.badRequest`.
    case answerPost(isAccepted: Bool)
    /// The payload just posted holds so many packets of the protocol's own: they count against the client's rate.
    case count(packets: Int)
    /// Write packets to the session's WebSocket.
    case write([OutgoingPacket<Outgoing>])
    /// The volatile message just sent was not: count it.
    case dropped
    /// Answer the probing WebSocket with `3probe`.
    case answerProbe
    /// The probing WebSocket is the session's from now on.
    case adoptProbe
    /// Close the probing WebSocket; the session goes on by polling.
    case dropProbe
    /// Hand a message to the layer above.
    case deliver(Message)
    /// The session is over: close its WebSocket if it has one, forget it, tell the layer above. Always the last.
    case closed(CloseReason)
}

extension SessionAction: Equatable where Outgoing: Equatable {}
