import SystemPackage

/// Collects frames and writes them to standard output in large pieces, blocking.
///
/// Whatever a parser of the child finds goes through here; `BlockFrame` says what there is.
final class FrameWriter {
    private static let bufferBytes = 1 << 16

    private var buffer: [UInt8] = []
    private var isBroken = false

    func append(_ frame: BlockFrame) {
        frame.encode(into: &self.buffer)
        if self.buffer.count >= Self.bufferBytes { self.flush() }
    }

    /// Writes what was collected.
    ///
    /// - Returns: Whether all was written so far; after a failure nothing more is.
    @discardableResult
    func flush() -> Bool {
        if !self.isBroken {
            do {
                try FileDescriptor.standardOutput.writeAll(self.buffer)
            } catch {
                self.isBroken = true
            }
        }
        self.buffer.removeAll(keepingCapacity: true)
        return !self.isBroken
    }
}
