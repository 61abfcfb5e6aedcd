/// One Engine.IO packet from a client, the unit both transports carry.
///
/// As text it is one ASCII digit and a body: `4hello` is a message, `2probe` a probing ping. A binary message is in v4
/// a WebSocket frame of its own, or `b` and base64 in a polling payload; in v3 its type stands before it in either
/// form, as the byte 4 or in `b4`.
/// Source: engine.io-protocol v4, "Packet encoding", and v3, "Encoding".
package enum Packet: Equatable, Sendable {
    case close
    /// With what the answer has to repeat.
    case ping(ArraySlice<UInt8>)
    case pong(ArraySlice<UInt8>)
    case message(Message)
    case upgrade
    case noop

    /// What a ping says that tries a WebSocket before the session moves to it.
    package static let probe = Array("probe".utf8)[...]
    /// What parts the packets of a v4 payload: the record separator, U+001E.
    package static let separator: UInt8 = 0x1E
    /// A v3 ping is repeated to its sender; real ones are empty or a probe.
    private static let pingBytesLimit = 125
    /// The type of a message where it is a byte and no digit.
    static let binaryMessageType: UInt8 = 4
}

extension Packet {
    /// Decodes one packet of a WebSocket text frame.
    ///
    /// - Parameters:
    ///   - text: One packet; the transport has already bounded its size.
    ///   - version: The session's.
    /// - Throws: The first thing wrong with it.
    package init(text: ArraySlice<UInt8>, version: ProtocolVersion = .v4) throws(PacketError) {
        guard let type = text.first else { throw .empty }
        let body = text.dropFirst()

        switch type {
        case UInt8(ascii: "4"): self = .message(.text(body))
        case UInt8(ascii: "1") where body.isEmpty: self = .close
        case UInt8(ascii: "2") where Self.isHeartbeat(body, version): self = .ping(body)
        case UInt8(ascii: "3") where Self.isHeartbeat(body, version): self = .pong(body)
        case UInt8(ascii: "5") where body.isEmpty: self = .upgrade
        case UInt8(ascii: "6") where body.isEmpty: self = .noop
        case UInt8(ascii: "1")...UInt8(ascii: "6"): throw .unexpectedBody(type: type)
        case UInt8(ascii: "b") where version == .v3: try self.init(base64: body)
        default: throw .unknownType(type)
        }
    }

    /// Decodes one packet of a v4 payload, where binary is base64 behind a `b`.
    ///
    /// - Parameter part: One packet without its separator.
    /// - Throws: The first thing wrong with it.
    package init(payloadPart part: ArraySlice<UInt8>) throws(PacketError) {
        guard part.first == UInt8(ascii: "b") else {
            try self.init(text: part)
            return
        }
        guard let bytes = Base64.decode(part.dropFirst()) else { throw .invalidBase64 }
        self = .message(.binary(bytes[...]))
    }

    /// What a WebSocket message carries, if it is one packet with a message: the short way of `init(frame:)`.
    ///
    /// - Parameters:
    ///   - frame: The whole message, fragments joined.
    ///   - version: The session's.
    /// - Returns: nil for every other packet, and for what is none.
    package static func message(in frame: Message, version: ProtocolVersion) -> Message? {
        switch (frame, version) {
        case (.text(let bytes), _): bytes.first == UInt8(ascii: "4") ? .text(bytes.dropFirst()) : nil
        case (.binary, .v4): frame
        case (.binary(let bytes), .v3): bytes.first == Self.binaryMessageType ? .binary(bytes.dropFirst()) : nil
        }
    }

    /// Decodes one WebSocket message, whichever kind of frame it came in.
    ///
    /// - Parameters:
    ///   - frame: The whole message, fragments joined.
    ///   - version: The session's.
    /// - Throws: The first thing wrong with it.
    package init(frame: Message, version: ProtocolVersion = .v4) throws(PacketError) {
        switch (frame, version) {
        case (.text(let bytes), _): try self.init(text: bytes, version: version)
        case (.binary, .v4): self = .message(frame)
        case (.binary(let bytes), .v3): try self.init(binary: bytes)
        }
    }

    /// Decodes a binary packet of v3, which begins with its type.
    init(binary bytes: ArraySlice<UInt8>) throws(PacketError) {
        guard let type = bytes.first else { throw .empty }
        guard type == Self.binaryMessageType else { throw .unknownType(type) }
        self = .message(.binary(bytes.dropFirst()))
    }

    /// Decodes a binary packet of v3 as text, behind its `b`.
    private init(base64 text: ArraySlice<UInt8>) throws(PacketError) {
        guard let type = text.first else { throw .empty }
        guard type == UInt8(ascii: "4") else { throw .unknownType(type) }
        guard let bytes = Base64.decode(text.dropFirst()) else { throw .invalidBase64 }
        self = .message(.binary(bytes[...]))
    }

    private static func isHeartbeat(_ body: ArraySlice<UInt8>, _ version: ProtocolVersion) -> Bool {
        switch version {
        case .v3: body.count <= Self.pingBytesLimit
        case .v4: body.isEmpty || body == Self.probe
        }
    }
}
