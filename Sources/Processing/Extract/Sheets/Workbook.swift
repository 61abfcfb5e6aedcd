/// Reads an Excel workbook (XLSX): every sheet, in order, as a table.
enum Workbook {
    /// The sheets' names and ids, and where dates are counted from.
    private final class Contents: XMLEventHandler {
        private(set) var sheets: [(name: String, id: String)] = []
        private(set) var is1904 = false

        func start(_ name: String, _ attributes: XMLAttributes) {
            switch name {
            case "sheet":
                guard let id = attributes.value("id", hasPrefix: true) else { return }
                self.sheets.append((attributes.value("name") ?? "", id))
            case "workbookPr":
                let value = attributes.value("date1904")
                self.is1904 = value == "1" || value == "true"
            default: break
            }
        }

        func end(_ name: String) {}
        func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
    }

    static func read(_ reader: PackageReader, emit: @escaping (BlockFrame) -> Void) throws {
        var package = try OpenXMLPackage(reader)
        if let title = package.title { emit(.title(title)) }
        let contents = Contents()
        let strings = SharedStrings()
        let styles = SheetStyles()
        let stringsPart = package.references.part(type: "sharedStrings")
        let stylesPart = package.references.part(type: "styles")
        let mainPart = package.mainPart
        try package.reader.parseAll { name in
            switch name {
            case mainPart: contents
            case stringsPart: strings
            case stylesPart: styles
            default: nil
            }
        }
        guard !contents.sheets.isEmpty else { throw PackageError.damaged }
        let parts = package.references.partsByID
        for sheet in contents.sheets {
            guard let part = parts[sheet.id] else { continue }
            let table = SheetTable(name: sheet.name, emit: emit)
            let cells = SheetCells(strings: strings, styles: styles, is1904: contents.is1904, table: table)
            _ = try package.reader.parse(part, with: cells)
            table.finish()
        }
    }
}
