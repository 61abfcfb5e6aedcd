/// The query of a URL as forms and browsers write it: `+` is a space, `%XX` a byte.
///
/// A parameter without a value is as none, since a form sends every field, also those that nobody filled in.
///
/// Source: URL Standard, "application/x-www-form-urlencoded parsing". Hummingbird's own parser leaves `+` as it is.
package struct FormQuery: Sendable {
    private var values: [String: String] = [:]

    /// Reads what stands behind the question mark; of a name that comes twice the first with a value counts.
    package init(_ query: String?) {
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = Self.decode(parts[0])
            guard self.values[name] == nil, parts.count > 1, !parts[1].isEmpty else { continue }
            self.values[name] = Self.decode(parts[1])
        }
    }

    package subscript(name: String) -> String? { self.values[name] }

    /// A whole number.
    ///
    /// - Returns: The default when the name is not there; nil for what is no number, or none of the range.
    func number(_ name: String, in range: ClosedRange<Int>, default fallback: Int) -> Int? {
        guard let text = self.values[name] else { return fallback }
        return Int(text).flatMap { range.contains($0) ? $0 : nil }
    }

    /// Decodes a part of a path, where `+` is itself.
    static func pathComponent(_ text: String) -> String { Self.decode(text[...], plus: UInt8(ascii: "+")) }

    /// Bytes that are not UTF-8 become U+FFFD; a `%` without two digits stays as it is.
    private static func decode(_ text: Substring, plus: UInt8 = UInt8(ascii: " ")) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"):
                bytes.append(plus)
            case UInt8(ascii: "%"):
                let digits = rest.prefix(2).compactMap { Character(UnicodeScalar($0)).hexDigitValue }
                if digits.count == 2 {
                    bytes.append(UInt8(digits[0] * 16 + digits[1]))
                    rest = rest.dropFirst(2)
                } else {
                    bytes.append(byte)
                }
            default:
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
