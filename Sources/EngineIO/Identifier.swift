/// An unguessable name: 120 random bits, and the shard (event loop) that knows what it names.
///
/// As text it is 22 characters of URL-safe base64. The shard in the last byte lets any thread route a
/// request to its owner without a shared table; it tells an outsider nothing of use.
package struct Identifier: Hashable, Sendable {
    /// The length of every identifier's text.
    package static let textLength = 22

    private let high: UInt64
    private let low: UInt64

    /// Makes a fresh identifier.
    ///
    /// - Parameters:
    ///   - shard: Which event loop owns what is named.
    ///   - generator: A cryptographically secure source.
    package init(shard: UInt8, using generator: inout some RandomNumberGenerator) {
        self.high = generator.next()
        self.low = generator.next() << 8 | UInt64(shard)
    }

    /// Reads an identifier's text.
    ///
    /// - Returns: nil for anything that is not exactly what `text` writes.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == Self.textLength, let bytes = Base64.decode(Array(text.utf8)[...]), bytes.count == 16
        else { return nil }
        self.high = bytes[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
        self.low = bytes[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
        guard self.text == text else { return nil }
    }

    /// The event loop that owns what is named; a peer may have made it up.
    package var shard: UInt8 { UInt8(truncatingIfNeeded: self.low) }

    /// 22 characters of URL-safe base64.
    package var text: String {
        let bytes = (0..<16).map { index in
            UInt8(truncatingIfNeeded: (index < 8 ? self.high : self.low) >> UInt64((7 - index % 8) * 8))
        }
        return String(decoding: Base64.encodeURLSafe(bytes), as: UTF8.self)
    }
}
