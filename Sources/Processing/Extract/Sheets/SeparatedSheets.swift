import Ingest

/// Reads what xls2csv makes of an Excel workbook of before 2007: quoted values, a form feed behind each sheet.
///
/// The program does not tell the sheets' names, and gives every value as text.
struct SeparatedSheets {
    /// All values in quotes, dates as elsewhere here.
    static let arguments = ["-d", "utf-8", "-q", "3", "-f", "%Y-%m-%d"]

    private let emit: (BlockFrame) -> Void
    private var table: SheetTable
    private var row: [TableCell] = []
    private var value: [UInt8] = []
    private var isQuoted = false

    private init(emit: @escaping (BlockFrame) -> Void) {
        self.emit = emit
        self.table = SheetTable(name: nil, emit: emit)
    }

    static func read(_ path: String, emit: @escaping (BlockFrame) -> Void) throws {
        let file = try InputFile(path)
        var sheets = SeparatedSheets(emit: emit)
        while case let chunk = try file.nextChunk(), !chunk.isEmpty {
            for byte in chunk { sheets.take(byte) }
        }
        sheets.endRow()
        sheets.table.finish()
    }

    /// A quote within a value is doubled: it ends the value and begins it again.
    private mutating func take(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""):
            if !self.isQuoted, !self.value.isEmpty { self.value.append(byte) }
            self.isQuoted.toggle()
        case _ where self.isQuoted: self.value.append(byte)
        case UInt8(ascii: ","): self.endCell()
        case 0x0A: self.endRow()
        case 0x0C:
            self.endRow()
            self.table.finish()
            self.table = SheetTable(name: nil, emit: self.emit)
        default: self.value.append(byte)
        }
    }

    private mutating func endCell() {
        let text = String(decoding: self.value, as: UTF8.self)
        self.value.removeAll(keepingCapacity: true)
        guard self.row.count < SheetTable.columnLimit else { return }
        guard !text.isEmpty else {
            self.row.append(.empty)
            return
        }
        self.row.append(Self.number(text).map { .number($0) } ?? .text(text))
    }

    /// A number as the program writes it; not a code with zeros before it, nor a date.
    private static func number(_ text: String) -> Double? {
        guard let number = Double(text), number.isFinite else { return nil }
        let digits = text.first == "-" ? text.dropFirst() : text[...]
        guard digits.first?.isNumber == true, digits.count == 1 || digits.first != "0" || digits.hasPrefix("0.") else {
            return nil
        }
        return number
    }

    private mutating func endRow() {
        if !self.value.isEmpty || !self.row.isEmpty { self.endCell() }
        self.table.append(self.row)
        self.row.removeAll(keepingCapacity: true)
    }
}
