import Ingest

/// Hands the rows of one sheet over as a table.
///
/// The first row that has more than one cell names the columns, if it is all text; lines above it are text of their own.
final class SheetTable {
    /// Columns of the largest sheet that any program makes.
    static let columnLimit = 16_384

    private let emit: (BlockFrame) -> Void
    /// A row of one cell waits for the next, which shows whether it is a headline.
    private var waiting: [TableCell]?
    private var hasBegun = false

    init(name: String?, emit: @escaping (BlockFrame) -> Void) {
        self.emit = emit
        emit(.sheet(name))
    }

    /// Takes a row in; one without any value is dropped, and so are empty cells at its end.
    func append(_ row: [TableCell]) {
        var row = row
        while row.last == .empty { row.removeLast() }
        guard !row.isEmpty else { return }
        guard !self.hasBegun else {
            self.emit(.row(row))
            return
        }
        let isSingle = row.count { $0 != .empty } == 1
        if let waiting = self.waiting {
            self.waiting = nil
            if isSingle {
                self.begin(waiting)
                self.emit(.row(row))
                return
            }
            if let text = waiting.first(where: { $0 != .empty }) { self.emit(.block(.paragraph, Self.shown(text))) }
        } else if isSingle {
            self.waiting = row
            return
        }
        self.begin(row)
    }

    func finish() {
        if let waiting = self.waiting { self.begin(waiting) }
        self.waiting = nil
    }

    private func begin(_ row: [TableCell]) {
        self.hasBegun = true
        let names = row.map { cell in if case .text(let text) = cell { text } else { "" } }
        if zip(row, names).allSatisfy({ $0 == .empty || !$1.isEmpty }) {
            self.emit(.columns(names))
        } else {
            self.emit(.columns([]))
            self.emit(.row(row))
        }
    }

    private static func shown(_ cell: TableCell) -> String {
        switch cell {
        case .text(let text): text
        case .number(let number): Int64(exactly: number).map { "\($0)" } ?? "\(number)"
        case .boolean(let value): value ? "true" : "false"
        case .empty: ""
        }
    }
}
