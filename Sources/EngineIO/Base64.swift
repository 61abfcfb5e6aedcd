/// RFC 4648 base64 over bytes, without Foundation: polling carries binary messages in it, identifiers their URL form.
package enum Base64 {
    private static let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let urlSafe = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The value of each ASCII character in either alphabet; 255 where there is none.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, character) in Self.standard.enumerated() { values[Int(character)] = UInt8(value) }
        for (value, character) in Self.urlSafe.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    /// Encodes with the standard alphabet and padding.
    package static func encode(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        Self.encode(bytes.span, alphabet: Self.standard, padded: true)
    }

    /// Encodes with the standard alphabet and padding.
    package static func encode(_ bytes: [UInt8]) -> [UInt8] {
        Self.encode(bytes.span, alphabet: Self.standard, padded: true)
    }

    /// Encodes with the URL-safe alphabet and no padding.
    package static func encodeURLSafe(_ bytes: [UInt8]) -> [UInt8] {
        Self.encode(bytes.span, alphabet: Self.urlSafe, padded: false)
    }

    /// Decodes either alphabet, padded or not.
    ///
    /// - Returns: nil for a character of neither alphabet, padding in the middle or an impossible length.
    package static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let text = text.span
        var characters = text.count
        while characters > 0, text.count - characters < 2, text[characters - 1] == UInt8(ascii: "=") { characters -= 1 }
        let padding = text.count - characters
        guard characters % 4 != 1, padding == 0 || text.count % 4 == 0 else { return nil }

        let values = Self.values.span
        var bytes: [UInt8] = []
        bytes.reserveCapacity(characters / 4 * 3 + 2)
        var accumulator: UInt32 = 0
        var bits: UInt32 = 0
        for index in 0..<characters {
            let value = values[Int(text[index])]
            guard value != 255 else { return nil }
            accumulator = accumulator << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: accumulator >> bits))
            }
        }
        return bytes
    }

    private static func encode(_ bytes: Span<UInt8>, alphabet: [UInt8], padded: Bool) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        let whole = bytes.count / 3 * 3
        for index in stride(from: 0, to: whole, by: 3) {
            let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
            text.append(alphabet[Int(group >> 18)])
            text.append(alphabet[Int(group >> 12 & 63)])
            text.append(alphabet[Int(group >> 6 & 63)])
            text.append(alphabet[Int(group & 63)])
        }

        let rest = bytes.count - whole
        guard rest > 0 else { return text }
        let group = UInt32(bytes[whole]) << 16 | (rest == 2 ? UInt32(bytes[whole + 1]) << 8 : 0)
        for index in 0...rest { text.append(alphabet[Int(group >> UInt32(18 - 6 * index) & 63)]) }
        if padded { text.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 - rest)) }
        return text
    }
}
