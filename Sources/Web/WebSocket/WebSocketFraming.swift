import NIOCore

/// Writes the server's side of RFC 6455: whole frames, never masked, never fragmented.
enum WebSocketFraming {
    /// Two bytes, and eight of length.
    static let maxHeaderLength = 10

    /// Engine.IO's packets without a body, ready to send.
    static let ping = Self.text("2")
    static let noop = Self.text("6")
    static let close = Self.text("1")
    static let probeAnswer = Self.text("3probe")

    /// Writes what stands before a frame's bytes.
    static func writeHeader(_ opcode: Frame.Opcode, length: Int, into buffer: inout ByteBuffer) {
        buffer.writeInteger(opcode.rawValue | 0x80)
        switch length {
        case ...125:
            buffer.writeInteger(UInt8(length))
        case ...0xFFFF:
            buffer.writeInteger(UInt8(126))
            buffer.writeInteger(UInt16(length))
        default:
            buffer.writeInteger(UInt8(127))
            buffer.writeInteger(UInt64(length))
        }
    }

    /// One text frame.
    static func text(_ text: String) -> ByteBuffer { self.text(Array(text.utf8)) }

    /// One text frame, from its UTF-8.
    static func text(_ text: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        self.writeHeader(.text, length: text.count, into: &buffer)
        buffer.writeBytes(text)
        return buffer
    }

    /// One control frame; the bytes are at most 125.
    static func control(_ opcode: Frame.Opcode, _ bytes: [UInt8] = []) -> ByteBuffer {
        var buffer = ByteBuffer()
        self.writeHeader(opcode, length: bytes.count, into: &buffer)
        buffer.writeBytes(bytes)
        return buffer
    }

    /// A close frame with its code.
    static func close(code: UInt16) -> ByteBuffer {
        self.control(.close, [UInt8(code >> 8), UInt8(truncatingIfNeeded: code)])
    }
}
