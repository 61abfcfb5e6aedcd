/// What the reader and the writer of JSON both know about the text of strings.
enum JSONText {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Finds the first byte that ends or interrupts a string: a quote, a backslash or a control character.
    ///
    /// - Parameters:
    ///   - bytes: The text.
    ///   - start: Where to begin.
    /// - Returns: Its position; the end of the bytes if there is none.
    static func endOfPlainText(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        let raw = bytes.bytes
        while index + 8 <= bytes.count {
            let word = raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let special = Self.special(UInt64(littleEndian: word))
            guard special == 0 else { return index + special.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count, !Self.isSpecial(bytes[index]) { index += 1 }
        return index
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// Marks the special bytes among eight by their high bit; the lowest mark is exact, which is all that is used.
    private static func special(_ word: UInt64) -> UInt64 {
        let quotes = word ^ (Self.ones &* UInt64(UInt8(ascii: "\"")))
        let backslashes = word ^ (Self.ones &* UInt64(UInt8(ascii: "\\")))
        let controls = (word &- Self.ones &* 0x20) & ~word
        let marks = ((quotes &- Self.ones) & ~quotes) | ((backslashes &- Self.ones) & ~backslashes) | controls
        return marks & Self.highBits
    }
}
