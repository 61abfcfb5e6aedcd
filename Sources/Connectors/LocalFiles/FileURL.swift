/// `file:///…` addresses that carry the exact bytes of a path.
///
/// Every byte but the unreserved characters of RFC 3986 and `/` is percent-encoded, so that a name which is not
/// UTF-8 survives the way through the ledger.
enum FileURL {
    private static let scheme = "file://"
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// The address of an absolute path.
    static func encode(_ path: some Sequence<UInt8>) -> String {
        var text = Array(Self.scheme.utf8)
        for byte in path {
            if Self.isPlain(byte) {
                text.append(byte)
            } else {
                text += [UInt8(ascii: "%"), Self.digits[Int(byte >> 4)], Self.digits[Int(byte & 15)]]
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The absolute path that an address stands for; nil when it is no `file:///…` address.
    static func decode(_ url: String) -> [UInt8]? {
        guard url.hasPrefix(Self.scheme + "/") else { return nil }
        var path: [UInt8] = []
        var rest = url.utf8.dropFirst(Self.scheme.utf8.count)
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                path.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(Self.value), let low = rest.popFirst().flatMap(Self.value) else {
                return nil
            }
            path.append(high << 4 | low)
        }
        return path
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
