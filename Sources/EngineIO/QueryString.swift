/// The query of a request target, percent-decoded.
package enum QueryString {
    /// Reads `a=1&b=2`.
    ///
    /// - Parameters:
    ///   - text: What follows the question mark; a plus sign is a space.
    ///   - limit: Parameters read; the rest is ignored, so that a query of separators costs nothing.
    /// - Returns: The last value of each name; none where an escape is broken.
    package static func parse(_ text: some StringProtocol, limit: Int = 64) -> [String: String] {
        // Not generic from here on: every poll comes by.
        Self.parse(Array(text.utf8), limit: limit)
    }

    private static func parse(_ bytes: [UInt8], limit: Int) -> [String: String] {
        var parameters: [String: String] = [:]
        var rest = bytes[...]
        var count = 0
        while !rest.isEmpty, count < limit {
            let part = Self.cut(&rest, at: UInt8(ascii: "&"))
            guard !part.isEmpty else { continue }
            count += 1
            var value = part
            let name = Self.cut(&value, at: UInt8(ascii: "="))
            guard let name = Self.decode(name, plusIsSpace: true) else { continue }
            parameters[name] = Self.decode(value, plusIsSpace: true)
        }
        return parameters
    }

    /// Takes what stands before a separator, and the separator; everything if there is none.
    private static func cut(_ rest: inout ArraySlice<UInt8>, at separator: UInt8) -> ArraySlice<UInt8> {
        let end = rest.firstIndex(of: separator) ?? rest.endIndex
        let part = rest[..<end]
        rest = rest[(end < rest.endIndex ? end + 1 : end)...]
        return part
    }

    /// Replaces `%41` by what it stands for.
    ///
    /// - Parameters:
    ///   - text: Part of a request target.
    ///   - plusIsSpace: True in a query, false in a path.
    /// - Returns: nil for a broken escape; what is not UTF-8 gets replacement characters.
    package static func decode(_ text: some Collection<UInt8>, plusIsSpace: Bool = true) -> String? {
        Self.decode(Array(text)[...], plusIsSpace: plusIsSpace)
    }

    private static func decode(_ text: ArraySlice<UInt8>, plusIsSpace: Bool) -> String? {
        let isPlain = text.allSatisfy { $0 != UInt8(ascii: "%") && !(plusIsSpace && $0 == UInt8(ascii: "+")) }
        guard !isPlain else { return String(decoding: text, as: UTF8.self) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(Self.digit), let low = rest.popFirst().flatMap(Self.digit)
                else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace:
                bytes.append(UInt8(ascii: " "))
            default:
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The value of a hexadecimal digit.
    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
