import Glibc

/// Addresses that begin with the same bits: `10.0.0.0/8`, `fd00::/8`, or a single one.
package struct AddressBlock: Hashable, Sendable {
    /// 4 or 16 of them, in network order; those behind the prefix are 0.
    package let bytes: [UInt8]
    /// How many leading bits count, 0 to 32 or 128.
    package let prefixLength: Int

    init(_ scalar: Node.Scalar) throws(InvalidValue) {
        let parts = scalar.text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bytes = parts.first.flatMap({ Self.bytes(of: String($0)) }),
            let length = parts.count == 1 ? bytes.count * 8 : Int(decimal: parts[1]),
            length <= bytes.count * 8
        else {
            throw InvalidValue(
                "must be an address such as '127.0.0.1', '10.0.0.0/8' or 'fd00::/8', not \(scalar.text.quoted)"
            )
        }
        self.bytes = bytes.enumerated().map { index, byte in
            let bits = min(max(length - index * 8, 0), 8)
            return byte & UInt8(truncatingIfNeeded: 0xFF00 >> bits)
        }
        self.prefixLength = length
    }

    private static func bytes(of text: String) -> [UInt8]? {
        guard !text.unicodeScalars.contains("\0") else { return nil }
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }
}
