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
    package static func encode(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        Self.encode(bytes, alphabet: Self.standard, padded: true)
    }

    /// Encodes with the URL-safe alphabet and no padding.
    package static func encodeURLSafe(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        Self.encode(bytes, alphabet: Self.urlSafe, padded: false)
    }

    /// Decodes either alphabet, padded or not.
    ///
    /// - Returns: nil for a character of neither alphabet, padding in the middle or an impossible length.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3 + 3)
        var accumulator: UInt32 = 0
        var bits = 0
        var characters = 0
        var padding = 0

        for character in text {
            guard character != UInt8(ascii: "=") else {
                padding += 1
                continue
            }
            let value = Self.values[Int(character)]
            guard value != 255, padding == 0 else { return nil }
            accumulator = accumulator << 6 | UInt32(value)
            characters += 1
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: accumulator >> UInt32(bits)))
            }
        }

        let isWhole = characters % 4 != 1 && (padding == 0 || (padding <= 2 && (characters + padding) % 4 == 0))
        return isWhole ? bytes : nil
    }

    private static func encode(_ bytes: some Sequence<UInt8>, alphabet: [UInt8], padded: Bool) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.underestimatedCount + 2) / 3 * 4)
        var accumulator: UInt32 = 0
        var bits = 0

        for byte in bytes {
            accumulator = accumulator << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(accumulator >> UInt32(bits) & 63)])
            }
        }
        if bits > 0 {
            text.append(alphabet[Int(accumulator << UInt32(6 - bits) & 63)])
        }
        while padded, text.count % 4 != 0 {
            text.append(UInt8(ascii: "="))
        }
        return text
    }
}
