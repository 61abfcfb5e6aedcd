/// The query of a request target, percent-decoded.
package enum QueryString {
    /// Reads `a=1&b=2`.
    ///
    /// - Parameters:
    ///   - text: What follows the question mark; a plus sign is a space.
    ///   - limit: Parameters read; the rest is ignored, so that a query of separators costs nothing.
    /// - Returns: The last value of each name; none where an escape is broken.
    package static func parse(_ text: some StringProtocol, limit: Int = 64) -> [String: String] {
        var parameters: [String: String] = [:]
        for part in text.utf8.split(separator: UInt8(ascii: "&"), maxSplits: limit).prefix(limit) {
            let pair = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(pair[0]) else { continue }
            parameters[name] = pair.count > 1 ? Self.decode(pair[1]) : ""
        }
        return parameters
    }

    /// Replaces `%41` by what it stands for.
    ///
    /// - Parameters:
    ///   - text: Part of a request target.
    ///   - plusIsSpace: True in a query, false in a path.
    /// - Returns: nil for a broken escape; what is not UTF-8 gets replacement characters.
    package static func decode(_ text: some Collection<UInt8>, plusIsSpace: Bool = true) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var escape: (digits: Int, value: UInt8)?

        for character in text {
            if let (digits, value) = escape {
                guard let digit = Character(UnicodeScalar(character)).hexDigitValue else { return nil }
                let sum = value << 4 | UInt8(digit)
                escape = digits == 0 ? (1, sum) : nil
                if digits == 1 { bytes.append(sum) }
            } else if character == UInt8(ascii: "%") {
                escape = (0, 0)
            } else {
                bytes.append(plusIsSpace && character == UInt8(ascii: "+") ? UInt8(ascii: " ") : character)
            }
        }
        return escape == nil ? String(decoding: bytes, as: UTF8.self) : nil
    }
}
