import Ingest

/// How a file of delimited values is written, as its first rows show it.
struct CSVDialect: Equatable {
    /// Those first that stand for something else less often.
    private static let delimiters = ["\t", ";", "|", ","].map { UInt8(ascii: $0) }
    /// Rows that are looked at.
    private static let sampleRows = 200

    var delimiter = UInt8(ascii: ",")
    var quote = UInt8(ascii: "\"")
    /// Whether the first row names the columns.
    var hasHeader = true
    /// Bytes at the beginning that are no row: spreadsheet programs' `sep=;`.
    var skipped = 0

    /// - Parameter sample: The beginning of the file, UTF-8.
    init(sample: [UInt8]) {
        var sample = sample[...]
        if let declared = Self.declared(in: sample) {
            self.delimiter = declared.delimiter
            self.skipped = declared.length
            sample = sample.dropFirst(declared.length)
        } else {
            self.delimiter = Self.bestDelimiter(for: sample)
        }
        if Self.isQuotedSingly(self.rows(sample), sample) { self.quote = UInt8(ascii: "'") }
        self.hasHeader = Self.hasHeader(self.rows(sample))
    }

    private static func declared(in sample: ArraySlice<UInt8>) -> (delimiter: UInt8, length: Int)? {
        let line = sample.prefix { $0 != 0x0A }
        let text = line.last == 0x0D ? line.dropLast() : line
        guard text.count == 5, text.starts(with: "sep=".utf8), let delimiter = text.last else { return nil }
        return (delimiter, min(line.count + 1, sample.count))
    }

    /// The delimiter that cuts most rows into the same number of cells, and into more where two are equal.
    private static func bestDelimiter(for sample: ArraySlice<UInt8>) -> UInt8 {
        var best = (score: 0.0, delimiter: UInt8(ascii: ","))
        for delimiter in self.delimiters {
            var dialect = CSVDialect()
            dialect.delimiter = delimiter
            let widths = dialect.rows(sample).map(\.count)
            let counts = Dictionary(widths.map { ($0, 1) }, uniquingKeysWith: +)
            guard let (width, rows) = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }), width > 1 else {
                continue
            }
            let share = Double(rows) / Double(widths.count)
            let score = share * share + Double(min(width, 50)) / 1_000
            if score > best.score { best = (score, delimiter) }
        }
        return best.delimiter
    }

    private init() {}

    /// The first rows as this dialect reads them.
    private func rows(_ sample: ArraySlice<UInt8>) -> [[TableCell]] {
        var rows: [[TableCell]] = []
        var parser = CSVParser(dialect: self)
        // What is too long to be read here is not looked at.
        try? parser.append(sample) { row in if rows.count < Self.sampleRows { rows.append(row) } }
        if rows.isEmpty { try? parser.finish { rows.append($0) } }
        return rows
    }

    /// Whether no value is in double quotes and most are in single ones.
    private static func isQuotedSingly(_ rows: [[TableCell]], _ sample: ArraySlice<UInt8>) -> Bool {
        guard !sample.contains(UInt8(ascii: "\"")) else { return false }
        let texts = rows.joined().compactMap { cell in if case .text(let text) = cell { text } else { nil } }
        let quoted = texts.count { $0.utf8.count >= 2 && $0.hasPrefix("'") && $0.hasSuffix("'") }
        return quoted > 0 && quoted * 2 >= texts.count
    }

    /// A first row of words names the columns; one with a number in it does so only where no other row is like it.
    private static func hasHeader(_ rows: [[TableCell]]) -> Bool {
        guard let first = rows.first else { return true }
        let numbers = first.indices.filter { self.isNumber(first[$0]) }
        if numbers.isEmpty { return true }
        // Years above columns: all different, whole, and something else stands below.
        let body = rows.dropFirst()
        guard !body.isEmpty, numbers.count < first.count, self.areYears(numbers.map { first[$0] }) else { return false }
        return !body.contains { row in numbers.allSatisfy { $0 < row.count && self.areYears([row[$0]]) } }
    }

    private static func isNumber(_ cell: TableCell) -> Bool {
        guard case .text(let text) = cell else { return false }
        let digits = text.utf8.filter { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: " ") }
        return Double(String(decoding: digits, as: UTF8.self)) != nil
    }

    private static func areYears(_ cells: [TableCell]) -> Bool {
        let years = cells.compactMap { cell in if case .text(let text) = cell { Int(text) } else { nil } }
        return years.count == cells.count && Set(years).count == years.count
            && years.allSatisfy { (1_000...2_999).contains($0) }
    }
}
