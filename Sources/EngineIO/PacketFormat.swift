/// How packets to a client are written, as its version of the protocol and its handshake have it.
package enum PacketFormat: Hashable, Sendable, CaseIterable {
    case v4
    case v3
    /// v3 for a client that cannot take binary: it asked with `b64=1`.
    case v3Base64

    /// One packet of a payload.
    package enum Part: Equatable, Sendable {
        /// A whole packet as text, with its type.
        case text([UInt8])
        /// The content of a binary message.
        case binary([UInt8])
    }

    /// The body of a polling answer.
    package struct Payload: Equatable, Sendable {
        package let bytes: [UInt8]
        /// Whether its content type is `application/octet-stream` and not text.
        package let isBinary: Bool
    }

    /// Chooses the format of a session.
    ///
    /// - Parameters:
    ///   - version: The handshake's.
    ///   - supportsBinary: False if its query asks for base64; of no meaning in v4.
    package init(version: ProtocolVersion, supportsBinary: Bool = true) {
        switch version {
        case .v4: self = .v4
        case .v3: self = supportsBinary ? .v3 : .v3Base64
        }
    }

    /// The WebSocket message that carries a binary message.
    package func frame(binary bytes: [UInt8]) -> Message {
        switch self {
        case .v4: .binary(bytes[...])
        case .v3: .binary(([Packet.binaryMessageType] + bytes)[...])
        case .v3Base64: .text(Self.base64(bytes)[...])
        }
    }

    /// The payload that carries packets.
    package func payload(_ parts: [Part]) -> Payload {
        switch self {
        case .v4:
            return Payload(bytes: Self.separated(parts), isBinary: false)
        case .v3:
            let isBinary = parts.contains { if case .binary = $0 { true } else { false } }
            return Payload(bytes: isBinary ? Self.binary(parts) : Self.counted(parts), isBinary: isBinary)
        case .v3Base64:
            return Payload(bytes: Self.counted(parts), isBinary: false)
        }
    }

    private static func separated(_ parts: [Part]) -> [UInt8] {
        var payload: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if index > 0 { payload.append(Packet.separator) }
            switch part {
            case .text(let bytes):
                payload.append(contentsOf: bytes)
            case .binary(let bytes):
                payload.append(UInt8(ascii: "b"))
                payload.append(contentsOf: Base64.encode(bytes))
            }
        }
        return payload
    }

    private static func counted(_ parts: [Part]) -> [UInt8] {
        var payload: [UInt8] = []
        for part in parts {
            let text: [UInt8]
            switch part {
            case .text(let bytes): text = bytes
            case .binary(let bytes): text = Self.base64(bytes)
            }
            payload.append(contentsOf: String(Self.codeUnits(text)).utf8)
            payload.append(UInt8(ascii: ":"))
            payload.append(contentsOf: text)
        }
        return payload
    }

    private static func binary(_ parts: [Part]) -> [UInt8] {
        var payload: [UInt8] = []
        for part in parts {
            let content: [UInt8]
            switch part {
            case .text(let bytes):
                payload.append(0)
                content = bytes
            case .binary(let bytes):
                payload.append(1)
                content = [Packet.binaryMessageType] + bytes
            }
            payload.append(contentsOf: String(content.count).utf8.lazy.map { $0 - UInt8(ascii: "0") })
            payload.append(0xFF)
            payload.append(contentsOf: content)
        }
        return payload
    }

    private static func base64(_ bytes: [UInt8]) -> [UInt8] { Array("b4".utf8) + Base64.encode(bytes) }

    /// The length of a text in UTF-16 code units.
    private static func codeUnits(_ text: [UInt8]) -> Int {
        text.reduce(into: 0) { count, byte in
            if byte & 0xC0 != 0x80 { count += byte >= 0xF0 ? 2 : 1 }
        }
    }
}
