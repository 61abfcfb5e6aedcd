import Ingest

/// Reads delimited values and writes them as one table of `BlockFrame`s.
enum CSVChild {
    /// Bytes by which the dialect is found.
    private static let sampleBytes = 1 << 17

    static func parse(_ path: String, to output: FrameWriter) throws {
        let text = try TextStream(path)
        var sample: [UInt8] = []
        var buffer: [UInt8] = []
        while sample.count < self.sampleBytes, try text.next(&buffer) { sample += buffer }
        guard !sample.isEmpty else { return }
        let dialect = CSVDialect(sample: sample)
        var parser = CSVParser(dialect: dialect)
        var isFirst = true
        func emit(_ row: [TableCell]) {
            if isFirst {
                isFirst = false
                output.append(.columns(row.map { dialect.hasHeader ? self.name($0) : "" }))
                if dialect.hasHeader { return }
            }
            output.append(.row(row))
        }
        try parser.append(sample.dropFirst(dialect.skipped), emit: emit)
        sample = []
        while try text.next(&buffer) { try parser.append(buffer, emit: emit) }
        try parser.finish(emit: emit)
    }

    private static func name(_ cell: TableCell) -> String {
        if case .text(let text) = cell { text } else { "" }
    }
}
