/// Reads one JSON value from bytes nobody vouches for.
///
/// Strict RFC 8259, with its own bound on nesting, because the recursion below follows the input. Of a repeated key
/// the last value counts. A lone surrogate escape becomes U+FFFD; raw bytes that are not UTF-8 are an error.
struct JSONParser {
    /// Longer numbers say nothing a `Double` could hold, and cost time to convert.
    private static let numberLengthLimit = 400

    private let bytes: [UInt8]
    private var position: Int

    init(_ bytes: [UInt8], from position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// Reads the one value that fills the rest of the bytes.
    mutating func parseWhole(maxDepth: Int) throws(JSONError) -> JSONValue {
        let value = try self.value(depth: maxDepth)
        self.skipSpace()
        guard self.position == self.bytes.count else { throw .trailingBytes(at: self.position) }
        return value
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        self.skipSpace()
        switch try self.peek() {
        case UInt8(ascii: "\""):
            return .string(try self.string())
        case UInt8(ascii: "{"):
            return try self.object(depth: depth)
        case UInt8(ascii: "["):
            return try self.array(depth: depth)
        case UInt8(ascii: "t"):
            return try self.literal("true", .bool(true))
        case UInt8(ascii: "f"):
            return try self.literal("false", .bool(false))
        case UInt8(ascii: "n"):
            return try self.literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return try self.number()
        case let byte:
            throw .unexpectedByte(byte, at: self.position)
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        guard depth > 0 else { throw .tooDeep(at: self.position) }
        self.position += 1
        var elements: [JSONValue] = []
        self.skipSpace()
        guard try self.peek() != UInt8(ascii: "]") else {
            self.position += 1
            return .array(elements)
        }
        repeat {
            elements.append(try self.value(depth: depth - 1))
        } while try self.continues(until: UInt8(ascii: "]"))
        return .array(elements)
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        guard depth > 0 else { throw .tooDeep(at: self.position) }
        self.position += 1
        var members: [String: JSONValue] = [:]
        self.skipSpace()
        guard try self.peek() != UInt8(ascii: "}") else {
            self.position += 1
            return .object(members)
        }
        repeat {
            self.skipSpace()
            try self.expect(UInt8(ascii: "\""), consume: false)
            let key = try self.string()
            self.skipSpace()
            try self.expect(UInt8(ascii: ":"), consume: true)
            members[key] = try self.value(depth: depth - 1)
        } while try self.continues(until: UInt8(ascii: "}"))
        return .object(members)
    }

    /// Consumes the comma before a next element, or the end of the collection.
    private mutating func continues(until end: UInt8) throws(JSONError) -> Bool {
        self.skipSpace()
        let byte = try self.peek()
        guard byte == end || byte == UInt8(ascii: ",") else { throw .unexpectedByte(byte, at: self.position) }
        self.position += 1
        return byte != end
    }

    private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for index in 0..<text.utf8CodeUnitCount {
            try self.expect(text.utf8Start[index], consume: true)
        }
        return value
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = self.position
        var isWhole = true
        if self.next() == UInt8(ascii: "-") { self.position += 1 }
        let leading = self.next()
        let digits = self.skipDigits()
        guard digits > 0, digits == 1 || leading != UInt8(ascii: "0") else { throw .invalidNumber(at: start) }
        if self.next() == UInt8(ascii: ".") {
            self.position += 1
            isWhole = false
            guard self.skipDigits() > 0 else { throw .invalidNumber(at: start) }
        }
        if let byte = self.next(), byte | 0x20 == UInt8(ascii: "e") {
            self.position += 1
            isWhole = false
            if let sign = self.next(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { self.position += 1 }
            guard self.skipDigits() > 0 else { throw .invalidNumber(at: start) }
        }
        guard self.position - start <= Self.numberLengthLimit else { throw .invalidNumber(at: start) }

        let text = String(decoding: self.bytes[start..<self.position], as: UTF8.self)
        if isWhole, let value = Int(text) { return .int(value) }
        guard let value = Double(text) else { throw .invalidNumber(at: start) }
        return .double(value)
    }

    private mutating func skipDigits() -> Int {
        let start = self.position
        while let byte = self.next(), byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { self.position += 1 }
        return self.position - start
    }

    private mutating func skipSpace() {
        while let byte = self.next(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            self.position += 1
        }
    }

    private mutating func expect(_ byte: UInt8, consume: Bool) throws(JSONError) {
        let found = try self.peek()
        guard found == byte else { throw .unexpectedByte(found, at: self.position) }
        if consume { self.position += 1 }
    }

    private func next() -> UInt8? { self.position < self.bytes.count ? self.bytes[self.position] : nil }

    private func peek() throws(JSONError) -> UInt8 {
        guard let byte = self.next() else { throw .unexpectedEnd }
        return byte
    }
}

// MARK: - Strings

extension JSONParser {
    /// Reads a string from its opening quote; without escapes it is one validated copy.
    private mutating func string() throws(JSONError) -> String {
        self.position += 1
        let start = self.position
        while let byte = self.next() {
            switch byte {
            case UInt8(ascii: "\""):
                defer { self.position += 1 }
                return try Self.text(self.bytes[start..<self.position], at: start)
            case UInt8(ascii: "\\"):
                return try self.escapedString(from: start)
            case 0..<0x20:
                throw .unexpectedByte(byte, at: self.position)
            default:
                self.position += 1
            }
        }
        throw .unexpectedEnd
    }

    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var text = Array(self.bytes[start..<self.position])
        while let byte = self.next() {
            self.position += 1
            switch byte {
            case UInt8(ascii: "\""):
                return try Self.text(text[...], at: start)
            case UInt8(ascii: "\\"):
                text.append(contentsOf: try self.escape().utf8)
            case 0..<0x20:
                throw .unexpectedByte(byte, at: self.position - 1)
            default:
                text.append(byte)
            }
        }
        throw .unexpectedEnd
    }

    private mutating func escape() throws(JSONError) -> Character {
        let kind = try self.peek()
        self.position += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Character(UnicodeScalar(kind))
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return Character(try self.escapedScalar())
        default: throw .invalidEscape(at: self.position - 1)
        }
    }

    /// Joins a surrogate pair; a half without its other half becomes U+FFFD and takes nothing else with it.
    private mutating func escapedScalar() throws(JSONError) -> UnicodeScalar {
        let unit = try self.hexUnit()
        if let scalar = UnicodeScalar(unit) { return scalar }
        let isPair =
            self.position + 1 < self.bytes.count
            && self.bytes[self.position] == UInt8(ascii: "\\") && self.bytes[self.position + 1] == UInt8(ascii: "u")
        guard unit < 0xDC00, isPair else { return "\u{FFFD}" }

        let second = self.position
        self.position += 2
        let low = try self.hexUnit()
        guard (0xDC00..<0xE000).contains(low) else {
            self.position = second
            return "\u{FFFD}"
        }
        return UnicodeScalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func hexUnit() throws(JSONError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(UnicodeScalar(try self.peek())).hexDigitValue else {
                throw .invalidEscape(at: self.position)
            }
            unit = unit << 4 | UInt32(digit)
            self.position += 1
        }
        return unit
    }

    private static func text(_ bytes: ArraySlice<UInt8>, at position: Int) throws(JSONError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .invalidUTF8(at: position) }
        return text
    }
}

extension JSONValue {
    /// Parses one JSON value.
    ///
    /// - Parameters:
    ///   - bytes: The whole text.
    ///   - maxDepth: How many arrays and objects may stand inside each other.
    /// - Throws: The first thing wrong with it.
    package init(parsing bytes: [UInt8], maxDepth: Int = 64) throws(JSONError) {
        var parser = JSONParser(bytes)
        self = try parser.parseWhole(maxDepth: maxDepth)
    }
}
