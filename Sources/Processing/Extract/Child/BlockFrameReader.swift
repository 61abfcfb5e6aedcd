import Ingest

/// Reads `BlockFrame`s as they come from the child, which may be broken or hostile: nothing in them is trusted.
struct BlockFrameReader: ChildOutput {
    private static let headerBytes = 5

    private let format: DocumentFormat
    private var pending: [UInt8] = []
    private var isComplete = false
    private var page: Int?
    private var sheet: String?
    private var collector: BlockCollector
    private var tables: TableCollector

    /// - Parameters:
    ///   - format: What the child reads, for errors.
    ///   - directory: Where the rows of tables wait to be stored.
    ///   - limits: What one document may hold.
    init(format: DocumentFormat, directory: String, limits: ExtractionLimits) {
        self.format = format
        self.collector = BlockCollector(limits: limits)
        self.tables = TableCollector(directory: directory, limits: limits)
    }

    mutating func append(_ bytes: [UInt8]) throws(ExtractionError) {
        self.pending += bytes
        var start = 0
        while !self.isComplete, self.pending.count - start >= Self.headerBytes {
            let length = self.pending[start + 1..<start + Self.headerBytes].reduce(0) { $0 << 8 | Int($1) }
            guard length <= BlockFrame.longestText else { throw .crashed(self.format) }
            let end = start + Self.headerBytes + length
            guard self.pending.count >= end else { break }
            try self.take(self.pending[start], self.pending[start + Self.headerBytes..<end])
            start = end
        }
        self.pending.removeFirst(self.isComplete ? self.pending.count : start)
    }

    /// - Throws: `.crashed` when the end frame never came.
    mutating func finish() throws(ExtractionError) -> ExtractedText {
        guard self.isComplete else { throw .crashed(self.format) }
        var result = try self.collector.result(self.format)
        result.tables = try self.tables.result()
        return result
    }

    private mutating func take(_ tag: UInt8, _ content: ArraySlice<UInt8>) throws(ExtractionError) {
        switch tag {
        case UInt8(ascii: "R"):
            guard let cells = CellCoding.decode(content), try self.tables.append(cells, encoded: content) else {
                throw .crashed(self.format)
            }
        case UInt8(ascii: "H"):
            guard let cells = CellCoding.decode(content) else { throw .crashed(self.format) }
            try self.endTable()
            let headers = cells.map { cell in if case .text(let text) = cell { text } else { "" } }
            try self.tables.begin(headers, sheet: self.sheet)
        default:
            try self.take(tag, String(decoding: content, as: UTF8.self))
        }
    }

    private mutating func take(_ tag: UInt8, _ text: String) throws(ExtractionError) {
        switch tag {
        case UInt8(ascii: "T"): self.collector.setTitle(text)
        case UInt8(ascii: "P"): try self.append(.paragraph, text)
        case UInt8(ascii: "C"): try self.append(.preformatted, text)
        case UInt8(ascii: "1")...UInt8(ascii: "6"):
            try self.append(.heading(level: Int(tag - UInt8(ascii: "0"))), text)
        case UInt8(ascii: "G"):
            try self.endTable()
            self.page = Int(text).map { max(1, $0) }
        case UInt8(ascii: "S"):
            try self.endTable()
            let name = BlockCollector.shortLine(text)
            self.sheet = name.isEmpty ? nil : name
        case UInt8(ascii: "E"):
            try self.endTable()
            self.isComplete = true
        default: throw .crashed(self.format)
        }
    }

    private mutating func append(_ kind: TextBlock.Kind, _ text: String) throws(ExtractionError) {
        try self.endTable()
        try self.collector.append(kind, text, page: self.page, sheet: self.sheet)
    }

    /// The text of a table stands where the table ends.
    private mutating func endTable() throws(ExtractionError) {
        guard let (text, sheet) = self.tables.end() else { return }
        try self.collector.append(.preformatted, text, page: self.page, sheet: sheet)
    }
}
