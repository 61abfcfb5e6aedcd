import Ingest

/// Makes text of a table's first rows, one line a row, each value behind its column's name.
///
/// So every passage says what its values mean, wherever in the table it is cut out.
struct TableText {
    private let headers: [String]
    private var rowsLeft: Int
    private let byteLimit: Int
    private(set) var text = ""

    /// - Parameters:
    ///   - headers: The columns' names; values of those without stand alone.
    ///   - limits: How many rows and bytes at most.
    init(headers: [String], limits: ExtractionLimits) {
        self.headers = headers.map { CleanText.line($0) }
        self.rowsLeft = limits.rowsAsText
        self.byteLimit = limits.tableTextBytes
        let line = self.headers.filter { !$0.isEmpty }.joined(separator: " | ")
        if line.utf8.count <= self.byteLimit { self.text = line }
    }

    /// Adds a row; the first that there is no room for ends the text.
    mutating func append(_ cells: [TableCell]) {
        guard self.rowsLeft > 0 else { return }
        self.rowsLeft -= 1
        var line = ""
        for (index, cell) in cells.enumerated() {
            let value = Self.shown(cell)
            guard !value.isEmpty else { continue }
            if !line.isEmpty { line += " | " }
            if index < self.headers.count, !self.headers[index].isEmpty { line += self.headers[index] + ": " }
            line += value
        }
        guard !line.isEmpty else { return }
        guard self.text.utf8.count + line.utf8.count < self.byteLimit else {
            self.rowsLeft = 0
            return
        }
        if !self.text.isEmpty { self.text += "\n" }
        self.text += line
    }

    private static func shown(_ cell: TableCell) -> String {
        switch cell {
        case .empty: ""
        case .text(let text): CleanText.line(text)
        case .number(let number): Int64(exactly: number).map { "\($0)" } ?? "\(number)"
        case .boolean(let value): value ? "true" : "false"
        }
    }
}
