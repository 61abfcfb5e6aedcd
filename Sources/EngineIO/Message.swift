/// What a peer sent in one message packet.
///
/// Text is not checked to be UTF-8 here: the layer above reads it once and refuses what is not.
package enum Message: Equatable, Sendable {
    case text([UInt8])
    case binary([UInt8])
}

/// A message on its way out, in whatever form the edge keeps it: encoded once, shared by many sessions.
package protocol OutgoingMessage: Sendable {
    /// Bytes it keeps waiting for a slow reader.
    var byteCount: Int { get }
    /// Packets it is in a polling payload: itself and its attachments.
    var packetCount: Int { get }
}
