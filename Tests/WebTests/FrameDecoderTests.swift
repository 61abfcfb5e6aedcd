import EngineIO
import NIOCore
import Testing
import Web

@Suite("WebSocket frames")
struct FrameDecoderTests {
    private static func decode(_ bytes: [UInt8], in pieces: Int, maxBytes: Int = 70_000) throws -> [Web.Frame] {
        let decoder = FrameDecoder(maxBytes: maxBytes)
        var frames: [Web.Frame] = []
        var buffer = ByteBuffer()
        var rest = bytes[...]
        while !rest.isEmpty {
            buffer.writeBytes(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
            while let frame = try decoder.next(&buffer) { frames.append(frame) }
        }
        return frames
    }

    @Test(arguments: [0, 1, 7, 8, 9, 125, 126, 127, 65_535, 65_536])
    func payloadsOfEveryLengthAreUnmaskedHoweverTheyCome(_ length: Int) throws {
        let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let bytes = Wire.frame(payload, opcode: 2) + Wire.frame([1, 2, 3], opcode: 9)
        for pieces in [1, 3, 1_000, bytes.count] {
            let frames = try Self.decode(bytes, in: pieces)
            #expect(frames.map(\.opcode) == [.binary, .ping])
            #expect(frames.first?.bytes == payload)
            #expect(frames.last?.bytes == [1, 2, 3])
        }
    }

    @Test(
        arguments: [
            ([0x81, 0x01], 1002), ([0xC1, 0x81], 1002), ([0xA1, 0x81], 1002), ([0x91, 0x81], 1002),
            ([0x83, 0x80], 1002),
            ([0x09, 0x80], 1002), ([0x89, 0xFE], 1002), ([0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0], 1009),
            ([0x81, 0xFF, 0, 0, 0, 0, 0, 1, 0x11, 0x71], 1009),
        ] as [([UInt8], UInt16)])
    func whatIsForbiddenIsKnownFromTheHeader(_ bytes: [UInt8], _ code: UInt16) {
        let error = #expect(throws: FrameDecoder.Failure.self) { try Self.decode(bytes, in: bytes.count) }
        #expect(error?.code.rawValue == code)
    }

    @Test func fragmentsAreBoundedInBytesAndInNumber() throws {
        func fragments(_ count: Int, of size: Int) throws -> Message? {
            var assembler = MessageAssembler(maxBytes: 1_000)
            let decoder = FrameDecoder(maxBytes: 1_000)
            var message: Message?
            for index in 0..<count {
                let frame = Wire.frame(
                    [UInt8](repeating: 97, count: size), opcode: index == 0 ? 1 : 0, isLast: index == count - 1)
                var buffer = ByteBuffer(bytes: frame)
                if let frame = try decoder.next(&buffer) { message = try assembler.add(frame) }
            }
            return message
        }
        #expect(try fragments(10, of: 100)?.bytes.count == 1_000)
        #expect(try fragments(4_096, of: 0)?.bytes.isEmpty == true)
        #expect(throws: FrameDecoder.Failure(code: .messageTooBig)) { try fragments(11, of: 100) }
        #expect(throws: FrameDecoder.Failure(code: .messageTooBig)) { try fragments(4_097, of: 0) }
    }
}
