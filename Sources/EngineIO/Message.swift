/// What a peer sent in one message packet: a part of the bytes it came in, so that nothing is copied.
///
/// Text is not checked to be UTF-8 here: the layer above reads it once and refuses what is not.
package enum Message: Equatable, Sendable {
    case text(ArraySlice<UInt8>)
    case binary(ArraySlice<UInt8>)

    /// The bytes, whichever kind they are.
    package var bytes: ArraySlice<UInt8> {
        switch self {
        case .text(let bytes), .binary(let bytes): bytes
        }
    }
}

/// A message on its way out, in whatever form the edge keeps it: encoded once, shared by many sessions.
package protocol OutgoingMessage: Sendable {
    /// Bytes it keeps waiting for a slow reader.
    var byteCount: Int { get }
    /// Packets it is in a polling payload: itself and its attachments.
    var packetCount: Int { get }
}
