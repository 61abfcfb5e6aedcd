/// The random 128 bits that name a file for as long as it is known, whatever becomes of its path and content.
package struct FileID: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads 32 hexadecimal digits; nil for anything else.
    package init?(_ text: String) {
        guard text.utf8.count == 32, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "f") ~= $0 }),
            let high = UInt64(text.prefix(16), radix: 16), let low = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }

    package static func random(using generator: inout some RandomNumberGenerator) -> FileID {
        FileID(high: generator.next(), low: generator.next())
    }
}

extension FileID: CustomStringConvertible {
    /// 32 lower-case hexadecimal digits.
    package var description: String { Self.hex(self.high) + Self.hex(self.low) }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
