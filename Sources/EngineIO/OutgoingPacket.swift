/// One packet from the server to the client.
///
/// The open packet is not among them: it answers the handshake, before there is anything to queue behind.
package enum OutgoingPacket<Outgoing: OutgoingMessage>: Sendable {
    case message(Outgoing)
    case ping
    case noop
    case close

    /// The text of a packet without a body of its own; nil for a message.
    package var controlText: StaticString? {
        switch self {
        case .message: nil
        case .ping: "2"
        case .noop: "6"
        case .close: "1"
        }
    }

    /// Bytes it keeps waiting for a slow reader.
    var byteCount: Int {
        if case .message(let message) = self { message.byteCount } else { 1 }
    }

    /// Packets it is in a polling payload.
    var packetCount: Int {
        if case .message(let message) = self { message.packetCount } else { 1 }
    }
}

extension OutgoingPacket: Equatable where Outgoing: Equatable {}
