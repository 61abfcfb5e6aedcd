/// The texts that the cells of an Excel workbook share, in one buffer.
///
/// Source: ECMA-376, part 1, "Shared String Table".
final class SharedStrings: XMLEventHandler {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var skipping = SkippedElement()
    private var isInText = false

    /// Nil for a number that no text has.
    subscript(index: Int) -> String? {
        guard self.ends.indices.contains(index) else { return nil }
        let start = index == 0 ? 0 : self.ends[index - 1]
        return String(decoding: self.bytes[start..<self.ends[index]], as: UTF8.self)
    }

    func start(_ name: String, _ attributes: XMLAttributes) {
        // How to pronounce a text is not part of it.
        guard !self.skipping.start(name, isSkipped: name == "rPh") else { return }
        if name == "t" { self.isInText = true }
    }

    func end(_ name: String) {
        guard !self.skipping.end(name) else { return }
        switch name {
        case "t": self.isInText = false
        case "si": self.ends.append(self.bytes.count)
        default: break
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        if self.isInText, !self.skipping.isActive { self.bytes.append(contentsOf: bytes) }
    }
}
