import Ingest

/// Reads the rows of one sheet of an Excel workbook.
///
/// Source: ECMA-376, part 1, "Worksheets".
final class SheetCells: XMLEventHandler {
    private let strings: SharedStrings
    private let styles: SheetStyles
    private let is1904: Bool
    private let table: SheetTable
    private var row: [TableCell] = []
    private var column = 0
    private var type = ""
    private var style = 0
    private var value: [UInt8] = []
    private var isInValue = false
    private var skipping = SkippedElement()

    init(strings: SharedStrings, styles: SheetStyles, is1904: Bool, table: SheetTable) {
        self.strings = strings
        self.styles = styles
        self.is1904 = is1904
        self.table = table
    }

    func start(_ name: String, _ attributes: XMLAttributes) {
        guard !self.skipping.start(name, isSkipped: name == "rPh") else { return }
        switch name {
        case "row":
            self.row.removeAll(keepingCapacity: true)
            self.column = 0
        case "c":
            self.type = attributes.value("t") ?? "n"
            self.style = attributes.value("s").flatMap { Int($0) } ?? 0
            if let column = attributes.value("r").flatMap({ Self.column(of: $0) }) { self.column = column }
            self.value.removeAll(keepingCapacity: true)
        case "v", "t": self.isInValue = true
        default: break
        }
    }

    func end(_ name: String) {
        guard !self.skipping.end(name) else { return }
        switch name {
        case "v", "t": self.isInValue = false
        case "c": self.endCell()
        case "row": self.table.append(self.row)
        default: break
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        if self.isInValue, !self.skipping.isActive { self.value.append(contentsOf: bytes) }
    }

    private func endCell() {
        defer { self.column += 1 }
        guard !self.value.isEmpty, self.column < SheetTable.columnLimit else { return }
        let cell = self.cell(String(decoding: self.value, as: UTF8.self))
        while self.row.count < self.column { self.row.append(.empty) }
        if self.row.count == self.column { self.row.append(cell) } else { self.row[self.column] = cell }
    }

    private func cell(_ value: String) -> TableCell {
        switch self.type {
        case "s": return Int(value).flatMap { self.strings[$0] }.map { .text($0) } ?? .empty
        case "b": return .boolean(value == "1")
        case "n":
            guard let number = Double(value), number.isFinite else { return .text(value) }
            let parts = self.styles.parts(ofStyle: self.style)
            let date = parts.isEmpty ? nil : SerialDate(number: number, is1904: self.is1904).shown(parts)
            return date.map { .text($0) } ?? .number(number)
        default: return .text(value)
        }
    }

    /// The column, from 0, of a cell's address: `AB12` is 27.
    private static func column(of address: String) -> Int? {
        var column = 0
        for byte in address.utf8 {
            guard byte >= UInt8(ascii: "A"), byte <= UInt8(ascii: "Z") else { break }
            column = column * 26 + Int(byte - UInt8(ascii: "A")) + 1
            guard column <= SheetTable.columnLimit else { return SheetTable.columnLimit }
        }
        return column == 0 ? nil : column - 1
    }
}
