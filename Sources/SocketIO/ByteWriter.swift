/// Writes the compact form in which the recovery log outlives its process.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    /// Writes a whole number that is not negative: seven bits a byte, the lowest first.
    mutating func write(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            self.bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        self.bytes.append(UInt8(rest))
    }

    /// Writes a count or a position; both are never negative.
    mutating func write(_ number: Int) { self.write(UInt64(max(number, 0))) }

    /// Writes bytes behind their count.
    mutating func write(_ content: [UInt8]) {
        self.write(content.count)
        self.bytes.append(contentsOf: content)
    }

    /// Writes text as UTF-8 behind its count of bytes.
    mutating func write(_ text: String) { self.write(Array(text.utf8)) }

    /// Writes elements behind their count.
    mutating func write<Element>(
        _ elements: some Collection<Element>,
        _ element: (inout ByteWriter, Element) -> Void
    ) {
        self.write(elements.count)
        for value in elements { element(&self, value) }
    }
}
