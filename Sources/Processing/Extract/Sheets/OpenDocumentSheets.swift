import Ingest

/// Reads the sheets of an OpenDocument spreadsheet (ODS), each as a table.
///
/// Source: OpenDocument 1.3, part 3, "Tables".
final class OpenDocumentSheets: XMLEventHandler {
    /// Cells that all repeated rows of a document may become: a column of a million rows on each of sixteen sheets.
    private static let mostRepeatedCells = 1 << 24

    private let emit: (BlockFrame) -> Void
    private var table: SheetTable?
    private var tables = 0
    private var row: [TableCell] = []
    private var rowCount = 1
    private var repeatedCells = 0
    private var expandsTooMuch = false
    private var cellCount = 1
    private var value: TableCell?
    private var text: [UInt8] = []
    private var paragraphs = 0
    private var isInParagraph = false
    private var skipping = SkippedElement()

    private init(emit: @escaping (BlockFrame) -> Void) { self.emit = emit }

    static func read(_ reader: PackageReader, emit: @escaping (BlockFrame) -> Void) throws {
        var reader = reader
        try OpenDocument.begin(&reader, emit: emit)
        let sheets = OpenDocumentSheets(emit: emit)
        guard try reader.parse(OpenDocument.content, with: sheets) else { throw PackageError.damaged }
        guard !sheets.expandsTooMuch else { throw PackageError.expandsTooMuch }
    }

    func start(_ name: String, _ attributes: XMLAttributes) {
        guard !self.skipping.start(name, isSkipped: name == "annotation" || name == "tracked-changes") else { return }
        switch name {
        case "table":
            self.tables += 1
            if self.tables == 1 { self.table = SheetTable(name: attributes.value("name"), emit: self.emit) }
        case "table-row" where self.tables == 1:
            self.row.removeAll(keepingCapacity: true)
            self.rowCount = attributes.value("number-rows-repeated").flatMap { Int($0) } ?? 1
        case "table-cell" where self.tables == 1, "covered-table-cell" where self.tables == 1:
            self.cellCount = attributes.value("number-columns-repeated").flatMap { Int($0) } ?? 1
            self.value = Self.value(attributes)
            self.text.removeAll(keepingCapacity: true)
            self.paragraphs = 0
        case "p", "h":
            if self.paragraphs > 0 { self.text.append(0x20) }
            self.paragraphs += 1
            self.isInParagraph = true
        case "s", "tab", "line-break": self.text.append(0x20)
        default: break
        }
    }

    func end(_ name: String) {
        guard !self.skipping.end(name) else { return }
        switch name {
        case "p", "h": self.isInParagraph = false
        case "table-cell" where self.tables == 1, "covered-table-cell" where self.tables == 1: self.endCell()
        case "table-row" where self.tables == 1: self.endRow()
        case "table":
            self.tables = max(0, self.tables - 1)
            guard self.tables == 0 else { return }
            self.table?.finish()
            self.table = nil
        default: break
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        if self.isInParagraph, !self.skipping.isActive { self.text.append(contentsOf: bytes) }
    }

    /// The value that a cell has beside the text that is shown.
    private static func value(_ attributes: XMLAttributes) -> TableCell? {
        switch attributes.value("value-type") {
        case "float", "percentage", "currency":
            attributes.value("value").flatMap { Double($0) }.flatMap { $0.isFinite ? .number($0) : nil }
        case "date":
            attributes.value("date-value").map { .text($0.split(separator: "T").joined(separator: " ")) }
        case "boolean": attributes.value("boolean-value").map { .boolean($0 == "true") }
        default: nil
        }
    }

    private func endCell() {
        let text = String(decoding: self.text, as: UTF8.self)
        let cell = self.value ?? (text.isEmpty ? .empty : .text(text))
        self.value = nil
        let room = SheetTable.columnLimit - self.row.count
        for _ in 0..<min(max(self.cellCount, 0), room) { self.row.append(cell) }
    }

    private func endRow() {
        // Rows without a value come by the million, down to the end of the sheet.
        guard self.row.contains(where: { $0 != .empty }), !self.expandsTooMuch else { return }
        while self.row.last == .empty { self.row.removeLast() }
        let copies = max(self.rowCount - 1, 0).multipliedReportingOverflow(by: self.row.count)
        self.expandsTooMuch = copies.overflow || copies.partialValue > Self.mostRepeatedCells - self.repeatedCells
        guard !self.expandsTooMuch else { return }
        self.repeatedCells += copies.partialValue
        for _ in 0..<max(self.rowCount, 0) { self.table?.append(self.row) }
    }
}
