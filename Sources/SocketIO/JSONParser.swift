/// Reads one JSON value from bytes nobody vouches for.
///
/// Strict RFC 8259, with its own bound on nesting, because the recursion below follows the input. Of a repeated key
/// the last value counts. A lone surrogate escape becomes U+FFFD; raw bytes that are not UTF-8 are an error.
/// The bytes are an argument of every method, as a span cannot be kept; positions count from its start.
struct JSONParser {
    /// Longer numbers say nothing a `Double` could hold, and cost time to convert.
    private static let numberLengthLimit = 400
    /// Any number of so many digits is an `Int`.
    private static let shortNumberDigits = 18

    var position: Int

    init(at position: Int = 0) { self.position = position }

    /// Reads the one value that fills the rest of the bytes.
    mutating func parseWhole(_ bytes: Span<UInt8>, maxDepth: Int) throws(JSONError) -> JSONValue {
        let value = try self.value(bytes, depth: maxDepth)
        try self.expectEnd(bytes)
        return value
    }

    /// Reads the one array that fills the rest of the bytes, its first element apart from the others.
    ///
    /// - Returns: nil for a value that is no array.
    mutating func parseWholeList(
        _ bytes: Span<UInt8>,
        maxDepth: Int
    ) throws(JSONError) -> (first: JSONValue?, rest: [JSONValue])? {
        self.skipSpace(bytes)
        guard try self.peek(bytes) == UInt8(ascii: "["), maxDepth > 0 else {
            _ = try self.parseWhole(bytes, maxDepth: maxDepth)
            return nil
        }
        self.position += 1
        var first: JSONValue?
        var rest: [JSONValue] = []
        if try self.hasElements(bytes, until: UInt8(ascii: "]")) {
            first = try self.value(bytes, depth: maxDepth - 1)
            while try self.continues(bytes, until: UInt8(ascii: "]")) {
                rest.append(try self.value(bytes, depth: maxDepth - 1))
            }
        }
        try self.expectEnd(bytes)
        return (first, rest)
    }

    private mutating func value(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) -> JSONValue {
        self.skipSpace(bytes)
        switch try self.peek(bytes) {
        case UInt8(ascii: "\""):
            return .string(try self.string(bytes))
        case UInt8(ascii: "{"):
            return try self.object(bytes, depth: depth)
        case UInt8(ascii: "["):
            return try self.array(bytes, depth: depth)
        case UInt8(ascii: "t"):
            return try self.literal(bytes, "true", .bool(true))
        case UInt8(ascii: "f"):
            return try self.literal(bytes, "false", .bool(false))
        case UInt8(ascii: "n"):
            return try self.literal(bytes, "null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return try self.number(bytes)
        case let byte:
            throw .unexpectedByte(byte, at: self.position)
        }
    }

    private mutating func array(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) -> JSONValue {
        guard depth > 0 else { throw .tooDeep(at: self.position) }
        self.position += 1
        var elements: [JSONValue] = []
        guard try self.hasElements(bytes, until: UInt8(ascii: "]")) else { return .array(elements) }
        repeat {
            elements.append(try self.value(bytes, depth: depth - 1))
        } while try self.continues(bytes, until: UInt8(ascii: "]"))
        return .array(elements)
    }

    private mutating func object(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) -> JSONValue {
        guard depth > 0 else { throw .tooDeep(at: self.position) }
        self.position += 1
        var members: [String: JSONValue] = [:]
        guard try self.hasElements(bytes, until: UInt8(ascii: "}")) else { return .object(members) }
        repeat {
            self.skipSpace(bytes)
            try self.expect(bytes, UInt8(ascii: "\""), consume: false)
            let key = try self.string(bytes)
            self.skipSpace(bytes)
            try self.expect(bytes, UInt8(ascii: ":"), consume: true)
            members[key] = try self.value(bytes, depth: depth - 1)
        } while try self.continues(bytes, until: UInt8(ascii: "}"))
        return .object(members)
    }

    /// Whether a collection that was just opened holds anything; consumes its end if not.
    private mutating func hasElements(_ bytes: Span<UInt8>, until end: UInt8) throws(JSONError) -> Bool {
        self.skipSpace(bytes)
        guard try self.peek(bytes) == end else { return true }
        self.position += 1
        return false
    }

    /// Consumes the comma before a next element, or the end of the collection.
    private mutating func continues(_ bytes: Span<UInt8>, until end: UInt8) throws(JSONError) -> Bool {
        self.skipSpace(bytes)
        let byte = try self.peek(bytes)
        guard byte == end || byte == UInt8(ascii: ",") else { throw .unexpectedByte(byte, at: self.position) }
        self.position += 1
        return byte != end
    }

    private mutating func literal(
        _ bytes: Span<UInt8>,
        _ text: StaticString,
        _ value: JSONValue
    ) throws(JSONError) -> JSONValue {
        for index in 0..<text.utf8CodeUnitCount {
            try self.expect(bytes, text.utf8Start[index], consume: true)
        }
        return value
    }

    private mutating func expect(_ bytes: Span<UInt8>, _ byte: UInt8, consume: Bool) throws(JSONError) {
        let found = try self.peek(bytes)
        guard found == byte else { throw .unexpectedByte(found, at: self.position) }
        if consume { self.position += 1 }
    }

    private mutating func expectEnd(_ bytes: Span<UInt8>) throws(JSONError) {
        self.skipSpace(bytes)
        guard self.position == bytes.count else { throw .trailingBytes(at: self.position) }
    }

    private mutating func skipSpace(_ bytes: Span<UInt8>) {
        while let byte = self.next(bytes), byte <= 0x20,
            byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
        {
            self.position += 1
        }
    }

    func next(_ bytes: Span<UInt8>) -> UInt8? { self.position < bytes.count ? bytes[self.position] : nil }

    func peek(_ bytes: Span<UInt8>) throws(JSONError) -> UInt8 {
        guard self.position < bytes.count else { throw .unexpectedEnd }
        return bytes[self.position]
    }
}

// MARK: - Numbers

extension JSONParser {
    /// Reads a number: at once if it is short and whole, as nearly all are.
    private mutating func number(_ bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
        let start = self.position
        let isNegative = bytes[start] == UInt8(ascii: "-")
        let firstDigit = isNegative ? start + 1 : start
        var index = firstDigit
        var magnitude = 0
        while index < bytes.count, let digit = Self.digit(bytes[index]) {
            magnitude = magnitude &* 10 &+ digit
            index += 1
        }
        self.position = index

        let digits = index - firstDigit
        guard digits > 0, digits == 1 || bytes[firstDigit] != UInt8(ascii: "0") else {
            throw .invalidNumber(at: start)
        }
        let next = self.next(bytes)
        if digits <= Self.shortNumberDigits, next != UInt8(ascii: "."), next.map({ $0 | 0x20 }) != UInt8(ascii: "e") {
            return .int(isNegative ? -magnitude : magnitude)
        }
        return try self.longNumber(bytes, from: start)
    }

    /// Reads the rest of a number that has more than digits, or many of them.
    private mutating func longNumber(_ bytes: Span<UInt8>, from start: Int) throws(JSONError) -> JSONValue {
        var isWhole = true
        if self.next(bytes) == UInt8(ascii: ".") {
            self.position += 1
            isWhole = false
            guard self.skipDigits(bytes) > 0 else { throw .invalidNumber(at: start) }
        }
        if let byte = self.next(bytes), byte | 0x20 == UInt8(ascii: "e") {
            self.position += 1
            isWhole = false
            if let sign = self.next(bytes), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
                self.position += 1
            }
            guard self.skipDigits(bytes) > 0 else { throw .invalidNumber(at: start) }
        }
        guard self.position - start <= Self.numberLengthLimit else { throw .invalidNumber(at: start) }

        let text = try Self.text(bytes.extracting(start..<self.position), at: start)
        if isWhole, let value = Int(text) { return .int(value) }
        guard let value = Double(text) else { throw .invalidNumber(at: start) }
        return .double(value)
    }

    private mutating func skipDigits(_ bytes: Span<UInt8>) -> Int {
        let start = self.position
        while let byte = self.next(bytes), Self.digit(byte) != nil { self.position += 1 }
        return self.position - start
    }

    private static func digit(_ byte: UInt8) -> Int? {
        let digit = byte &- UInt8(ascii: "0")
        return digit < 10 ? Int(digit) : nil
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
        var parser = JSONParser()
        self = try parser.parseWhole(bytes.span, maxDepth: maxDepth)
    }
}
