/// Writes JSON text, and collects the binary leaves it meets as attachments.
struct JSONWriter {
    private static let hexDigits = Array("0123456789abcdef".utf8)

    private(set) var text: [UInt8] = []
    private(set) var attachments: [[UInt8]] = []

    /// Starts with room for so many bytes.
    init(reserving capacity: Int = 0) { self.text.reserveCapacity(capacity) }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: self.append("null")
        case .bool(let value): self.append(value ? "true" : "false")
        case .int(let value): self.write(value)
        case .double(let value): if value.isFinite { self.append(value.description) } else { self.append("null") }
        case .string(let value): self.write(value)
        case .array(let elements): self.write(elements)
        case .object(let members): self.write(members)
        case .binary(let bytes):
            self.append("{\"_placeholder\":true,\"num\":")
            self.write(self.attachments.count)
            self.append(UInt8(ascii: "}"))
            self.attachments.append(bytes)
        }
    }

    /// Writes elements with their commas, without the brackets.
    mutating func writeList(_ elements: [JSONValue]) {
        var isFirst = true
        for element in elements {
            if !isFirst { self.append(UInt8(ascii: ",")) }
            isFirst = false
            self.write(element)
        }
    }

    /// Writes a whole number.
    mutating func write(_ number: Int) {
        if number < 0 { self.append(UInt8(ascii: "-")) }
        var rest = number.magnitude
        guard rest >= 10 else { return self.append(UInt8(ascii: "0") + UInt8(rest)) }

        let start = self.text.count
        while rest > 0 {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            self.append(UInt8(ascii: "0") + UInt8(digit))
            rest = quotient
        }
        self.text[start...].reverse()
    }

    /// Writes a string with its quotes: in one go, but for what has to be escaped.
    mutating func write(_ string: String) {
        self.append(UInt8(ascii: "\""))
        let utf8 = string.utf8
        let bytes = utf8.span
        var plain = 0
        while plain < bytes.count {
            let end = JSONText.endOfPlainText(bytes, from: plain)
            if end > plain {
                bytes.extracting(plain..<end).withUnsafeBufferPointer { self.text.append(contentsOf: $0) }
            }
            guard end < bytes.count else { break }
            self.escape(bytes[end])
            plain = end + 1
        }
        self.append(UInt8(ascii: "\""))
    }

    /// Appends text that needs no escapes.
    mutating func append(_ text: String) { self.text.append(contentsOf: text.utf8) }

    /// Appends bytes that are JSON, or stand before it.
    mutating func append(_ bytes: [UInt8]) { self.text.append(contentsOf: bytes) }

    mutating func append(_ byte: UInt8) { self.text.append(byte) }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): self.append("\\\"")
        case UInt8(ascii: "\\"): self.append("\\\\")
        case UInt8(ascii: "\n"): self.append("\\n")
        case UInt8(ascii: "\r"): self.append("\\r")
        case UInt8(ascii: "\t"): self.append("\\t")
        default:
            self.append("\\u00")
            self.append(Self.hexDigits[Int(byte >> 4)])
            self.append(Self.hexDigits[Int(byte & 15)])
        }
    }

    private mutating func write(_ elements: [JSONValue]) {
        self.append(UInt8(ascii: "["))
        self.writeList(elements)
        self.append(UInt8(ascii: "]"))
    }

    /// Members come in the order of their keys, so that equal values have equal text.
    private mutating func write(_ members: [String: JSONValue]) {
        self.append(UInt8(ascii: "{"))
        var isFirst = true
        for member in members.sorted(by: { $0.key < $1.key }) {
            if !isFirst { self.append(UInt8(ascii: ",")) }
            isFirst = false
            self.write(member.key)
            self.append(UInt8(ascii: ":"))
            self.write(member.value)
        }
        self.append(UInt8(ascii: "}"))
    }
}

extension JSONValue {
    /// The value as JSON text; binary leaves become placeholders.
    package func encoded() -> [UInt8] {
        var writer = JSONWriter()
        writer.write(self)
        return writer.text
    }
}
