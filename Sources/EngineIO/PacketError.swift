/// Why a peer's bytes are not an Engine.IO packet; the session closes, nothing is retried.
package enum PacketError: Error, Equatable {
    case empty
    case unknownType(UInt8)
    case unexpectedBody(type: UInt8)
    case invalidBase64
    /// A payload of more packets than one may hold.
    case tooManyPackets
    /// A v3 payload whose lengths do not fit it.
    case invalidLength
}
