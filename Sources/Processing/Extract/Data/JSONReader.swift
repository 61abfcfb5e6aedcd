/// Reads JSON values one token at a time; knows no recursion, so that depth costs nothing.
struct JSONReader {
    /// What comes next in a text.
    enum Token: Equatable {
        case objectStart
        case objectEnd
        case arrayStart
        case arrayEnd
        case colon
        case comma
        case string(String)
        /// A number, `true`, `false` or `null`, as it is written.
        case word(String)
        case end
    }

    /// The text is not JSON.
    struct Malformed: Error {}

    /// Bytes of a number or word; longer ones are no JSON that anyone means.
    private static let longestWord = 1_000

    private let bytes: [UInt8]
    private var index = 0

    /// - Parameter bytes: Valid UTF-8.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() throws(Malformed) -> Token {
        while self.index < self.bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(self.bytes[self.index]) {
            self.index += 1
        }
        guard self.index < self.bytes.count else { return .end }
        let byte = self.bytes[self.index]
        self.index += 1
        switch byte {
        case UInt8(ascii: "{"): return .objectStart
        case UInt8(ascii: "}"): return .objectEnd
        case UInt8(ascii: "["): return .arrayStart
        case UInt8(ascii: "]"): return .arrayEnd
        case UInt8(ascii: ":"): return .colon
        case UInt8(ascii: ","): return .comma
        case UInt8(ascii: "\""): return .string(try self.string())
        default:
            self.index -= 1
            return .word(try self.word())
        }
    }

    private mutating func word() throws(Malformed) -> String {
        let rest = self.bytes[self.index...].prefix(Self.longestWord)
        let word = rest.prefix { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        let text = String(decoding: word, as: UTF8.self)
        guard ["true", "false", "null", "NaN", "Infinity", "-Infinity"].contains(text) || Double(text) != nil else {
            throw Malformed()
        }
        self.index += word.count
        return text
    }

    private mutating func string() throws(Malformed) -> String {
        var result: [UInt8] = []
        while self.index < self.bytes.count {
            let run = self.bytes[self.index...].prefix { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
            result += run
            self.index += run.count
            guard self.index < self.bytes.count else { break }
            self.index += 1
            if self.bytes[self.index - 1] == UInt8(ascii: "\"") { return String(decoding: result, as: UTF8.self) }
            try self.escape(&result)
        }
        throw Malformed()
    }

    private mutating func escape(_ result: inout [UInt8]) throws(Malformed) {
        guard self.index < self.bytes.count else { throw Malformed() }
        let byte = self.bytes[self.index]
        self.index += 1
        switch byte {
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "r"), UInt8(ascii: "b"), UInt8(ascii: "f"): result.append(0x20)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
        case UInt8(ascii: "u"):
            var units = [try self.unit()]
            if UTF16.isLeadSurrogate(units[0]), self.bytes[self.index...].starts(with: "\\u".utf8) {
                self.index += 2
                units.append(try self.unit())
            }
            result += String(decoding: units, as: UTF16.self).utf8
        default: throw Malformed()
        }
    }

    private mutating func unit() throws(Malformed) -> UInt16 {
        let digits = self.bytes[self.index...].prefix(4)
        guard digits.count == 4, let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16) else {
            throw Malformed()
        }
        self.index += 4
        return unit
    }
}
