package import NIOCore

/// One WebSocket frame from a client, its bytes unmasked.
package struct Frame: Equatable {
    /// What a frame carries; the raw value is RFC 6455's, section 5.2.
    package enum Opcode: UInt8, Sendable {
        case continuation = 0
        case text = 1
        case binary = 2
        case close = 8
        case ping = 9
        case pong = 10

        /// Whether it may come between the fragments of a message, and must be short and whole.
        var isControl: Bool { self.rawValue >= 8 }
    }

    package let opcode: Opcode
    package let isFinal: Bool
    package let bytes: [UInt8]
}

/// Cuts a client's bytes into frames; refuses what RFC 6455 forbids as soon as the header says so.
///
/// Holds no bytes: what is not a whole frame yet stays in the caller's buffer.
package struct FrameDecoder {
    /// What is wrong with a frame, as the code to close with.
    package struct Failure: Error, Equatable {
        package let code: WebSocketCloseCode

        package init(code: WebSocketCloseCode) { self.code = code }
    }

    /// The longest header: two bytes, eight of length, four of mask.
    static let maxHeaderLength = 14

    /// The largest payload of one frame, in bytes.
    private let maxBytes: Int

    /// Makes a decoder.
    ///
    /// - Parameter maxBytes: The largest payload of one frame.
    package init(maxBytes: Int) { self.maxBytes = maxBytes }

    /// Takes the next frame out of the buffer.
    ///
    /// - Returns: nil, with the buffer as it was, when the frame is not whole yet.
    /// - Throws: What is forbidden about it, known from its header alone.
    package func next(_ buffer: inout ByteBuffer) throws(Failure) -> Frame? {
        let start = buffer.readerIndex
        guard let head = buffer.getInteger(at: start, as: UInt16.self) else { return nil }
        guard head & 0x7000 == 0, let opcode = Frame.Opcode(rawValue: UInt8(head >> 8 & 0x0F)) else {
            throw Failure(code: .protocolError)
        }
        let isFinal = head & 0x8000 != 0
        let isMasked = head & 0x80 != 0
        guard isMasked, isFinal || !opcode.isControl else { throw Failure(code: .protocolError) }
        guard let (length, lengthBytes) = try self.length(UInt8(head & 0x7F), opcode, buffer, at: start + 2) else {
            return nil
        }
        let maskStart = start + 2 + lengthBytes
        guard let mask = buffer.getInteger(at: maskStart, endianness: .little, as: UInt32.self),
            buffer.writerIndex - maskStart - 4 >= length
        else { return nil }

        let bytes = Self.unmasked(buffer, at: maskStart + 4, length: length, mask)
        buffer.moveReaderIndex(to: maskStart + 4 + length)
        return Frame(opcode: opcode, isFinal: isFinal, bytes: bytes)
    }

    /// Reads the length of the payload, and how many bytes besides the first two say it; nil if they are not there.
    private func length(
        _ short: UInt8,
        _ opcode: Frame.Opcode,
        _ buffer: ByteBuffer,
        at index: Int
    ) throws(Failure) -> (length: Int, bytes: Int)? {
        guard short <= 125 || !opcode.isControl else { throw Failure(code: .protocolError) }
        let length: UInt64
        let bytes: Int
        switch short {
        case 126:
            guard let medium = buffer.getInteger(at: index, as: UInt16.self) else { return nil }
            (length, bytes) = (UInt64(medium), 2)
        case 127:
            guard let long = buffer.getInteger(at: index, as: UInt64.self) else { return nil }
            (length, bytes) = (long, 8)
        default:
            (length, bytes) = (UInt64(short), 0)
        }
        guard length <= UInt64(self.maxBytes) else { throw Failure(code: .messageTooBig) }
        return (Int(length), bytes)
    }

    /// Copies a payload and takes its mask away, eight bytes at a time.
    private static func unmasked(_ buffer: ByteBuffer, at index: Int, length: Int, _ mask: UInt32) -> [UInt8] {
        buffer.withUnsafeReadableBytes { readable in
            let source = UnsafeRawBufferPointer(
                rebasing: readable[(index - buffer.readerIndex)..<(index - buffer.readerIndex + length)])
            return [UInt8](unsafeUninitializedCapacity: length) { target, count in
                let wide = UInt64(mask) << 32 | UInt64(mask)
                let target = UnsafeMutableRawBufferPointer(target)
                var offset = 0
                while offset + 8 <= length {
                    let word = source.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    target.storeBytes(of: word ^ wide.littleEndian, toByteOffset: offset, as: UInt64.self)
                    offset += 8
                }
                while offset < length {
                    target[offset] = source[offset] ^ UInt8(truncatingIfNeeded: mask >> UInt32(offset % 4 * 8))
                    offset += 1
                }
                count = length
            }
        }
    }
}
