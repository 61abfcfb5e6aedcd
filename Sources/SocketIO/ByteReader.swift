/// Reads what `ByteWriter` wrote, and believes none of it.
struct ByteReader {
    private let bytes: [UInt8]
    private var position = 0
    private let end: Int

    /// Reads the first so many bytes.
    init(_ bytes: [UInt8], count: Int) {
        self.bytes = bytes
        self.end = min(count, bytes.count)
    }

    var isAtEnd: Bool { self.position == self.end }

    mutating func readNumber() throws(RecoveryError) -> UInt64 {
        var number: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            guard self.position < self.end else { throw .damaged }
            let byte = self.bytes[self.position]
            self.position += 1
            let part = UInt64(byte & 0x7F)
            guard (part << UInt64(shift)) >> UInt64(shift) == part else { throw .damaged }
            number |= part << UInt64(shift)
            if byte < 0x80 { return number }
        }
        throw .damaged
    }

    mutating func readInt() throws(RecoveryError) -> Int {
        guard let number = Int(exactly: try self.readNumber()) else { throw .damaged }
        return number
    }

    mutating func readBytes() throws(RecoveryError) -> [UInt8] {
        let count = try self.readInt()
        guard count <= self.end - self.position else { throw .damaged }
        defer { self.position += count }
        return Array(self.bytes[self.position..<self.position + count])
    }

    mutating func readString() throws(RecoveryError) -> String {
        guard let text = String(validating: try self.readBytes(), as: UTF8.self) else { throw .damaged }
        return text
    }

    /// Reads elements; each takes a byte or more, so their count is bounded by what is left.
    mutating func readArray<Element>(
        _ element: (inout ByteReader) throws(RecoveryError) -> Element
    ) throws(RecoveryError) -> [Element] {
        let count = try self.readInt()
        guard count <= self.end - self.position else { throw .damaged }
        var elements: [Element] = []
        for _ in 0..<count { elements.append(try element(&self)) }
        return elements
    }
}
