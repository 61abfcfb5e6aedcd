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

extension Message {
    /// Whether text is UTF-8; binary always is what it is.
    ///
    /// Who parses the text learns that on the way. This is for those who do not, and for telling, once text could not
    /// be parsed, which of the two was wrong with it.
    package var isWellFormed: Bool {
        guard case .text(let bytes) = self else { return true }
        return (try? UTF8Span(validating: bytes.span)) != nil
    }

    /// Why a session ends whose peer sent a message that cannot be read.
    package var reasonForRefusal: CloseReason { self.isWellFormed ? .malformedPacket : .invalidText }
}

/// A message on its way out, in whatever form the edge keeps it: encoded once, shared by many sessions.
package protocol OutgoingMessage: Sendable {
    /// Bytes it keeps waiting for a slow reader.
    var byteCount: Int { get }
    /// Packets it is in a polling payload: itself and its attachments.
    var packetCount: Int { get }
}
