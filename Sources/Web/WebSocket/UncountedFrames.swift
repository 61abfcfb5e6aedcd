/// Frames of one WebSocket that are no message: control frames, and parts of messages that are not whole yet.
///
/// They take work, too, so they count against the client's rates. The bytes of parts count with their message.
struct UncountedFrames: Sendable {
    private(set) var count = 0
    private(set) var bytes = 0

    /// Adds one.
    mutating func add(_ frame: Frame) {
        self.count += 1
        if frame.opcode.isControl { self.bytes += frame.bytes.count }
    }
}
