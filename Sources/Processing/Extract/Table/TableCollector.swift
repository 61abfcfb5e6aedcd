import Ingest

/// Gathers the tables of one document: their rows in a file, their columns and the text of their first rows in memory.
struct TableCollector {
    private static let bufferBytes = 1 << 16
    /// What a member of a row's JSON has besides name and value: quotes, colon and comma.
    private static let memberBytes = 6

    private struct Open {
        var sheet: String?
        var columns = ColumnNames()
        var rowCount = 0
        var text: TableText
    }

    private let directory: String
    private let limits: ExtractionLimits
    private var file: SpoolFile?
    private var buffer: [UInt8] = []
    private var storedBytes = 0
    private var open: Open?
    private var closed: [TableSchema] = []

    /// - Parameters:
    ///   - directory: Where rows wait to be stored.
    ///   - limits: What one document may take.
    init(directory: String, limits: ExtractionLimits) {
        self.directory = directory
        self.limits = limits
    }

    /// A table begins; the one before has ended by `end`.
    mutating func begin(_ headers: [String], sheet: String?) throws(ExtractionError) {
        guard headers.count <= self.limits.columns else { throw .tooManyColumns(limit: self.limits.columns) }
        guard self.closed.count < self.limits.blocks else { throw .tooManyBlocks(limit: self.limits.blocks) }
        var open = Open(sheet: sheet, text: TableText(headers: headers, limits: self.limits))
        for header in headers { open.columns.append(header) }
        self.open = open
    }

    /// A row of the table at hand; columns that it has beyond the header are added to the table.
    ///
    /// - Parameters:
    ///   - cells: What is in it.
    ///   - encoded: The same as `CellCoding`.
    /// - Returns: False if there is no table at hand.
    /// - Throws: `.tooManyColumns`, `.tooMuchText`, or `.noTemporaryFile`.
    mutating func append(_ cells: [TableCell], encoded: ArraySlice<UInt8>) throws(ExtractionError) -> Bool {
        guard var open = self.open else { return false }
        self.open = nil
        guard cells.count <= self.limits.columns else { throw .tooManyColumns(limit: self.limits.columns) }
        while open.columns.names.count < cells.count { open.columns.append("") }
        self.storedBytes += encoded.count
        for name in open.columns.names.prefix(cells.count) { self.storedBytes += name.utf8.count + Self.memberBytes }
        guard self.storedBytes <= self.limits.tableBytes else { throw .tooMuchText(limit: self.limits.tableBytes) }
        open.rowCount += 1
        open.text.append(cells)
        self.open = open
        self.buffer += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: encoded.count >> $0) }
        self.buffer += encoded
        if self.buffer.count >= Self.bufferBytes { try self.flush() }
        return true
    }

    /// The table at hand, if any, ends.
    ///
    /// - Returns: Its text.
    mutating func end() -> (text: String, sheet: String?)? {
        guard let open = self.open else { return nil }
        self.open = nil
        self.closed.append(
            TableSchema(sheet: open.sheet, columns: open.columns.names, rowCount: open.rowCount)
        )
        return (open.text.text, open.sheet)
    }

    /// All tables that ended; nil if there was none.
    mutating func result() throws(ExtractionError) -> DocumentTables? {
        guard !self.closed.isEmpty else { return nil }
        try self.flush()
        let file = try self.spool()
        return DocumentTables(schemas: self.closed, rows: TableSpool(file, rowCounts: self.closed.map(\.rowCount)))
    }

    private mutating func flush() throws(ExtractionError) {
        guard !self.buffer.isEmpty else { return }
        try self.spool().append(self.buffer)
        self.buffer.removeAll(keepingCapacity: true)
    }

    private mutating func spool() throws(ExtractionError) -> SpoolFile {
        if let file = self.file { return file }
        let file = try SpoolFile(in: self.directory)
        self.file = file
        return file
    }
}
