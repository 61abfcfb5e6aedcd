package import EngineIO

/// Joins the fragments of a WebSocket message, within bounds; RFC 6455 section 5.4.
package struct MessageAssembler {
    /// A message may come in any number of frames; honest clients use one, or a few.
    private static let fragmentLimit = 4_096

    private let maxBytes: Int
    private var partial: (opcode: Frame.Opcode, bytes: [UInt8], fragments: Int)?

    /// Makes an assembler.
    ///
    /// - Parameter maxBytes: The largest message.
    package init(maxBytes: Int) { self.maxBytes = maxBytes }

    /// Takes a frame with data.
    ///
    /// - Returns: The message, or nil if more of it is to come.
    /// - Throws: Why the frame may not come here.
    package mutating func add(_ frame: Frame) throws(FrameDecoder.Failure) -> Message? {
        guard (self.partial == nil) == (frame.opcode != .continuation) else {
            throw FrameDecoder.Failure(code: .protocolError)
        }
        guard var message = self.partial.take() else {
            guard !frame.isFinal else { return Self.message(frame.opcode, frame.bytes) }
            self.partial = (frame.opcode, frame.bytes, 1)
            return nil
        }
        message.bytes += frame.bytes
        message.fragments += 1
        guard message.bytes.count <= self.maxBytes, message.fragments <= Self.fragmentLimit else {
            throw FrameDecoder.Failure(code: .messageTooBig)
        }
        guard !frame.isFinal else { return Self.message(message.opcode, message.bytes) }
        self.partial = message
        return nil
    }

    private static func message(_ opcode: Frame.Opcode, _ bytes: [UInt8]) -> Message {
        opcode == .text ? .text(bytes[...]) : .binary(bytes[...])
    }
}
