import Ingest

/// Cuts lines of text into blocks at blank lines.
struct PlainTextScanner: LineScanner {
    private let kind: TextBlock.Kind
    private var block = ""

    /// - Parameter kind: `.paragraph` for prose, `.preformatted` for code and data.
    init(kind: TextBlock.Kind) { self.kind = kind }

    mutating func append(_ line: String, to collector: inout BlockCollector) throws(ExtractionError) {
        if line.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
            try self.finish(&collector)
        } else {
            if !self.block.isEmpty { self.block += "\n" }
            self.block += line
        }
    }

    mutating func finish(_ collector: inout BlockCollector) throws(ExtractionError) {
        guard !self.block.isEmpty else { return }
        try collector.append(self.kind, self.block)
        self.block = ""
    }
}
