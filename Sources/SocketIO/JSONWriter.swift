/// Writes JSON text, and collects the binary leaves it meets as attachments.
struct JSONWriter {
    private(set) var text: [UInt8] = []
    private(set) var attachments: [[UInt8]] = []

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: self.text.append(contentsOf: "null".utf8)
        case .bool(let value): self.text.append(contentsOf: (value ? "true" : "false").utf8)
        case .int(let value): self.text.append(contentsOf: String(value).utf8)
        case .double(let value): self.text.append(contentsOf: (value.isFinite ? String(value) : "null").utf8)
        case .string(let value): self.write(value)
        case .array(let elements): self.write(elements)
        case .object(let members): self.write(members)
        case .binary(let bytes):
            self.text.append(contentsOf: "{\"_placeholder\":true,\"num\":\(self.attachments.count)}".utf8)
            self.attachments.append(bytes)
        }
    }

    /// Writes elements with their commas, without the brackets.
    mutating func writeList(_ elements: [JSONValue]) {
        for (index, element) in elements.enumerated() {
            if index > 0 { self.text.append(UInt8(ascii: ",")) }
            self.write(element)
        }
    }

    /// Writes a string with its quotes.
    mutating func write(_ string: String) {
        self.text.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): self.text.append(contentsOf: "\\\"".utf8)
            case UInt8(ascii: "\\"): self.text.append(contentsOf: "\\\\".utf8)
            case UInt8(ascii: "\n"): self.text.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\r"): self.text.append(contentsOf: "\\r".utf8)
            case UInt8(ascii: "\t"): self.text.append(contentsOf: "\\t".utf8)
            case 0..<0x10: self.text.append(contentsOf: "\\u000\(String(byte, radix: 16))".utf8)
            case 0x10..<0x20: self.text.append(contentsOf: "\\u00\(String(byte, radix: 16))".utf8)
            default: self.text.append(byte)
            }
        }
        self.text.append(UInt8(ascii: "\""))
    }

    private mutating func write(_ elements: [JSONValue]) {
        self.text.append(UInt8(ascii: "["))
        self.writeList(elements)
        self.text.append(UInt8(ascii: "]"))
    }

    /// Members come in the order of their keys, so that equal values have equal text.
    private mutating func write(_ members: [String: JSONValue]) {
        self.text.append(UInt8(ascii: "{"))
        for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { self.text.append(UInt8(ascii: ",")) }
            self.write(member.key)
            self.text.append(UInt8(ascii: ":"))
            self.write(member.value)
        }
        self.text.append(UInt8(ascii: "}"))
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
