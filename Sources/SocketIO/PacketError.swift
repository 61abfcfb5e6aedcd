/// Why a client's message is not a packet this server takes; the connection closes, nothing is retried.
package enum PacketError: Error, Equatable {
    case empty
    case unknownType(UInt8)
    /// A packet that only a server sends.
    case wrongDirection
    case invalidAttachmentCount
    case tooManyAttachments(Int)
    case attachmentsTooLarge(Int)
    case invalidNamespace
    case invalidID
    case invalidPayload
    /// The JSON cannot be read.
    case json(JSONError)
    /// An event name that clients and servers use for themselves.
    case reservedEvent(String)
    /// Binary without a packet that waits for it.
    case unexpectedBinary
    /// A packet while attachments of the last one are missing.
    case unexpectedText
    /// A placeholder for an attachment there is none of, or that another has taken.
    case invalidPlaceholder
}
