import Ingest

/// Reads the text of files that need no parser of their own: plain text, code and Markdown.
///
/// Blocking. Memory is that of the text and one line.
struct TextFileReader {
    /// The encoding is neither UTF-8 nor named by a byte order mark; what it is, a child has to find out.
    struct UnknownEncoding: Error {}

    private let limits: ExtractionLimits

    init(limits: ExtractionLimits) { self.limits = limits }

    /// - Throws: `ExtractionError`, or `UnknownEncoding`.
    func read(_ path: String, format: DocumentFormat) throws -> ExtractedText {
        var collector = BlockCollector(limits: self.limits)
        switch format {
        case .markdown: try self.scan(path, MarkdownScanner(), into: &collector)
        case .sourceText: try self.scan(path, PlainTextScanner(kind: .preformatted), into: &collector)
        default: try self.scan(path, PlainTextScanner(kind: .paragraph), into: &collector)
        }
        return try collector.result(format)
    }

    private func scan(
        _ path: String,
        _ scanner: some LineScanner,
        into collector: inout BlockCollector
    ) throws {
        var scanner = scanner
        var lines = LineSplitter()
        var transcoder: TextTranscoder?
        func pass(_ bytes: [UInt8]) throws {
            guard !bytes.contains(0), transcoder?.isInDoubt != true else { throw UnknownEncoding() }
            try lines.append(bytes) { line throws(ExtractionError) in try scanner.append(line, to: &collector) }
        }

        let file = try InputFile(path)
        var output: [UInt8] = []
        var total = 0
        while case let chunk = try file.nextChunk(), !chunk.isEmpty {
            total += chunk.count
            guard total <= self.limits.fileBytes else { throw ExtractionError.tooLarge(limit: self.limits.fileBytes) }
            output.removeAll(keepingCapacity: true)
            var skipped = 0
            if transcoder == nil {
                let mark = TextEncoding.byteOrderMark(chunk)
                transcoder = TextTranscoder(mark?.encoding ?? .utf8)
                skipped = mark?.length ?? 0
            }
            transcoder?.append(chunk.dropFirst(skipped), to: &output)
            try pass(output)
        }
        output.removeAll()
        transcoder?.finish(to: &output)
        try pass(output)
        try lines.finish { line throws(ExtractionError) in try scanner.append(line, to: &collector) }
        try scanner.finish(&collector)
    }
}
