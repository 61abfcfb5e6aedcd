/// Strings: found by a tight loop, and made in one validated copy where nothing is escaped.
extension JSONParser {
    /// Reads a string from its opening quote.
    mutating func string(_ bytes: Span<UInt8>) throws(JSONError) -> String {
        let start = self.position + 1
        self.position = JSONText.endOfPlainText(bytes, from: start)
        switch try self.peek(bytes) {
        case UInt8(ascii: "\""):
            defer { self.position += 1 }
            return try Self.text(bytes.extracting(start..<self.position), at: start)
        case UInt8(ascii: "\\"):
            return try self.escapedString(bytes, from: start)
        case let byte:
            throw .unexpectedByte(byte, at: self.position)
        }
    }

    /// A string of bytes that have to be UTF-8.
    static func text(_ bytes: Span<UInt8>, at position: Int) throws(JSONError) -> String {
        guard let text = try? UTF8Span(validating: bytes) else { throw .invalidUTF8(at: position) }
        return String(copying: text)
    }

    /// Reads a string with escapes, whose plain beginning has been found already.
    private mutating func escapedString(_ bytes: Span<UInt8>, from start: Int) throws(JSONError) -> String {
        var text: [UInt8] = []
        text.append(bytes, start..<self.position)
        while true {
            switch try self.peek(bytes) {
            case UInt8(ascii: "\""):
                self.position += 1
                return try Self.text(text.span, at: start)
            case UInt8(ascii: "\\"):
                self.position += 1
                try self.unescape(bytes, into: &text)
            case let byte:
                throw .unexpectedByte(byte, at: self.position)
            }
            let plain = self.position
            self.position = JSONText.endOfPlainText(bytes, from: plain)
            text.append(bytes, plain..<self.position)
        }
    }

    private mutating func unescape(_ bytes: Span<UInt8>, into text: inout [UInt8]) throws(JSONError) {
        let kind = try self.peek(bytes)
        self.position += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(kind)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(try self.escapedScalar(bytes)).utf8)
        default: throw .invalidEscape(at: self.position - 1)
        }
    }

    /// Joins a surrogate pair; a half without its other half becomes U+FFFD and takes nothing else with it.
    private mutating func escapedScalar(_ bytes: Span<UInt8>) throws(JSONError) -> UnicodeScalar {
        let unit = try self.hexUnit(bytes)
        if let scalar = UnicodeScalar(unit) { return scalar }
        let isPair =
            self.position + 1 < bytes.count
            && bytes[self.position] == UInt8(ascii: "\\") && bytes[self.position + 1] == UInt8(ascii: "u")
        guard unit < 0xDC00, isPair else { return "\u{FFFD}" }

        let second = self.position
        self.position += 2
        let low = try self.hexUnit(bytes)
        guard (0xDC00..<0xE000).contains(low) else {
            self.position = second
            return "\u{FFFD}"
        }
        return UnicodeScalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func hexUnit(_ bytes: Span<UInt8>) throws(JSONError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Self.hexDigit(try self.peek(bytes)) else { throw .invalidEscape(at: self.position) }
            unit = unit << 4 | digit
            self.position += 1
        }
        return unit
    }

    private static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}

extension [UInt8] {
    /// Appends a part of a span.
    fileprivate mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        bytes.extracting(range).withUnsafeBufferPointer { self.append(contentsOf: $0) }
    }
}
