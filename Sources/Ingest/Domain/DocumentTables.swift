/// The tables of a document: which columns they have, and where their rows can be read.
package struct DocumentTables: Sendable {
    /// In the order of the document.
    package var schemas: [TableSchema]
    /// The rows of all of them, the first table's first.
    package var rows: any TableRows

    package init(schemas: [TableSchema], rows: any TableRows) {
        self.schemas = schemas
        self.rows = rows
    }
}

extension DocumentTables: Equatable {
    /// Whether the tables are the same as far as can be told without reading their rows.
    package static func == (first: DocumentTables, second: DocumentTables) -> Bool { first.schemas == second.schemas }
}

/// What is known of one table beside its rows.
package struct TableSchema: Equatable, Sendable {
    /// The sheet it is on; nil where the format has no sheets.
    package var sheet: String?
    /// The names of its columns, in order; none is empty, and no two are equal.
    package var columns: [String]
    package var rowCount: Int

    package init(sheet: String? = nil, columns: [String], rowCount: Int) {
        self.sheet = sheet
        self.columns = columns
        self.rowCount = rowCount
    }
}

/// One row of a table.
package struct TableRow: Equatable, Sendable {
    /// Which of `DocumentTables.schemas` it belongs to.
    package var table: Int
    /// At most one a column; those at the end that are missing have no value.
    package var cells: [TableCell]

    package init(table: Int, cells: [TableCell]) {
        self.table = table
        self.cells = cells
    }
}

/// What stands in one cell.
package enum TableCell: Equatable, Sendable {
    /// Nothing.
    case empty
    case text(String)
    /// A finite number.
    case number(Double)
    case boolean(Bool)
}

/// Rows that are kept somewhere else than in memory: there may be millions.
package protocol TableRows: Sendable {
    /// Hands out every row, in order; may be called again, also by several threads at once. Blocks for the disk.
    ///
    /// - Throws: What `body` throws, or a `DocumentError` when the rows cannot be read.
    func readEach(_ body: (TableRow) throws -> Void) throws
}
