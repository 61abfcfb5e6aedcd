import Ingest

/// Reads a text in an encoding that has to be guessed, and writes its blocks as `BlockFrame`s.
enum TextChild {
    static func parse(_ path: String, format: DocumentFormat, to output: FrameWriter) throws {
        // The parent is the one that counts.
        var collector = BlockCollector(limits: ExtractionLimits(textBytes: .max, blocks: .max))
        switch format {
        case .markdown: try self.scan(path, MarkdownScanner(), into: &collector)
        case .plainText: try self.scan(path, PlainTextScanner(kind: .paragraph), into: &collector)
        default: try self.scan(path, PlainTextScanner(kind: .preformatted), into: &collector)
        }
        guard let text = try? collector.result(format) else { return }
        if let title = text.title { output.append(BlockFrame.title(title)) }
        for block in text.blocks { output.append(BlockFrame.block(block.kind, block.text)) }
    }

    private static func scan(
        _ path: String,
        _ scanner: some LineScanner,
        into collector: inout BlockCollector
    ) throws {
        var scanner = scanner
        var lines = LineSplitter()
        let text = try TextStream(path)
        var buffer: [UInt8] = []
        while try text.next(&buffer) {
            try lines.append(buffer) { line throws(ExtractionError) in try scanner.append(line, to: &collector) }
        }
        try lines.finish { line throws(ExtractionError) in try scanner.append(line, to: &collector) }
        try scanner.finish(&collector)
    }
}
