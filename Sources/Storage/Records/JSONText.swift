import Ingest

/// JSON as it is written, in one buffer that serves for millions of rows.
struct JSONText {
    private var bytes: [UInt8] = []

    var text: String { String(decoding: self.bytes, as: UTF8.self) }

    /// A member's name with what stands around it.
    static func key(_ name: String) -> [UInt8] {
        var json = JSONText()
        json.append(name)
        json.bytes.append(UInt8(ascii: ":"))
        return json.bytes
    }

    mutating func removeAll() { self.bytes.removeAll(keepingCapacity: true) }

    /// Appends an object of the row's cells.
    ///
    /// - Parameters:
    ///   - cells: Those without a key are left out.
    ///   - keys: Made by `key(_:)`; those without a cell are left out, as a short row of a wide table is to stay short.
    mutating func append(_ cells: [TableCell], keys: [[UInt8]]) {
        self.bytes.append(UInt8(ascii: "{"))
        for (index, (key, cell)) in zip(keys, cells).enumerated() {
            if index > 0 { self.bytes.append(UInt8(ascii: ",")) }
            self.bytes += key
            self.append(cell)
        }
        self.bytes.append(UInt8(ascii: "}"))
    }

    mutating func append(_ names: [String]) {
        self.bytes.append(UInt8(ascii: "["))
        for (index, name) in names.enumerated() {
            if index > 0 { self.bytes.append(UInt8(ascii: ",")) }
            self.append(name)
        }
        self.bytes.append(UInt8(ascii: "]"))
    }

    mutating func append(_ tables: [TableSchema]) {
        self.bytes.append(UInt8(ascii: "["))
        for (index, table) in tables.enumerated() {
            if index > 0 { self.bytes.append(UInt8(ascii: ",")) }
            self.bytes += "{\"sheet\":".utf8
            self.append(table.sheet.map { .text($0) } ?? .empty)
            self.bytes += ",\"columns\":".utf8
            self.append(table.columns)
            self.bytes.append(UInt8(ascii: "}"))
        }
        self.bytes.append(UInt8(ascii: "]"))
    }

    private mutating func append(_ cell: TableCell) {
        switch cell {
        case .empty: self.bytes += "null".utf8
        case .text(let text): self.append(text)
        case .number(let number): self.append(number)
        case .boolean(let value): self.bytes += (value ? "true" : "false").utf8
        }
    }

    /// Whole numbers without a fraction, so that a year reads as one; others as short as is exact.
    private mutating func append(_ number: Double) {
        if let whole = Int64(exactly: number) {
            self.bytes += String(whole).utf8
        } else {
            self.bytes += (number.isFinite ? number.description : "null").utf8
        }
    }

    private mutating func append(_ text: String) {
        self.bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): self.bytes += [UInt8(ascii: "\\"), byte]
            case 0x0A: self.bytes += "\\n".utf8
            case 0x0D: self.bytes += "\\r".utf8
            case 0x09: self.bytes += "\\t".utf8
            case 0: self.bytes += "\u{FFFD}".utf8
            case 1..<0x20: self.bytes += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
            default: self.bytes.append(byte)
            }
        }
        self.bytes.append(UInt8(ascii: "\""))
    }
}
