/// One packet from the server to the client.
///
/// The open packet is not among them: it answers the handshake, before there is anything to queue behind.
package enum OutgoingPacket<Outgoing: OutgoingMessage>: Sendable {
    case message(Outgoing)
    case ping
    /// The answer to a v3 client's ping, with what that said.
    case pong(ArraySlice<UInt8>)
    case noop
    case close

    /// The text of a packet, with its type; nil for a message.
    package var controlText: [UInt8]? {
        switch self {
        case .message: nil
        case .ping: [UInt8(ascii: "2")]
        case .pong(let bytes): [UInt8(ascii: "3")] + bytes
        case .noop: [UInt8(ascii: "6")]
        case .close: [UInt8(ascii: "1")]
        }
    }

    /// Bytes it keeps waiting for a slow reader.
    var byteCount: Int {
        switch self {
        case .message(let message): message.byteCount
        case .pong(let bytes): 1 + bytes.count
        case .ping, .noop, .close: 1
        }
    }

    /// Packets it is in a polling payload.
    package var packetCount: Int {
        if case .message(let message) = self { message.packetCount } else { 1 }
    }
}

extension OutgoingPacket: Equatable where Outgoing: Equatable {}
