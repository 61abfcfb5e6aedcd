/// One Engine.IO v4 packet from a client, the unit both transports carry.
///
/// As text it is one ASCII digit and a body: `4hello` is a message, `2probe` a probing ping. A binary message is a
/// WebSocket frame of its own, or `b` and base64 in a polling payload.
/// Source: engine.io-protocol v4, "Packet encoding".
package enum Packet: Equatable, Sendable {
    case close
    case ping(probe: Bool)
    case pong(probe: Bool)
    case message(Message)
    case upgrade
    case noop
}

/// Why a peer's bytes are not an Engine.IO packet; the session closes, nothing is retried.
package enum PacketError: Error, Equatable {
    case empty
    case unknownType(UInt8)
    case unexpectedBody(type: UInt8)
    case invalidBase64
}

extension Packet {
    /// What parts the packets of a polling payload: the record separator, U+001E.
    package static let separator: UInt8 = 0x1E

    /// Decodes one packet of a WebSocket text frame.
    ///
    /// - Parameter text: One packet; the transport has already bounded its size.
    /// - Throws: The first thing wrong with it.
    package init(text: ArraySlice<UInt8>) throws(PacketError) {
        guard let type = text.first else { throw .empty }
        let body = text.dropFirst()

        switch type {
        case UInt8(ascii: "4"): self = .message(.text(body))
        case UInt8(ascii: "1") where body.isEmpty: self = .close
        case UInt8(ascii: "2") where body.isEmpty: self = .ping(probe: false)
        case UInt8(ascii: "2") where body.elementsEqual("probe".utf8): self = .ping(probe: true)
        case UInt8(ascii: "3") where body.isEmpty: self = .pong(probe: false)
        case UInt8(ascii: "3") where body.elementsEqual("probe".utf8): self = .pong(probe: true)
        case UInt8(ascii: "5") where body.isEmpty: self = .upgrade
        case UInt8(ascii: "6") where body.isEmpty: self = .noop
        case UInt8(ascii: "1")...UInt8(ascii: "6"): throw .unexpectedBody(type: type)
        default: throw .unknownType(type)
        }
    }

    /// Decodes one packet of a polling payload, where binary is base64 behind a `b`.
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

    /// Decodes one WebSocket message, whichever kind of frame it came in.
    ///
    /// - Parameter frame: The whole message, fragments joined.
    /// - Throws: The first thing wrong with it.
    package init(frame: Message) throws(PacketError) {
        switch frame {
        case .text(let bytes): try self.init(text: bytes)
        case .binary: self = .message(frame)
        }
    }
}
