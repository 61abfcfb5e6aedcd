import Ingest

/// What `pdftotext` finds in a PDF.
struct PDFText: Equatable, Sendable {
    var title: String?
    var pages: Int
    /// Nil if there is no text on any page, as in a scan.
    var text: ExtractedText?
}

/// Makes blocks of what `pdftotext -htmlmeta` writes: a head with the title, then pages that end with form feeds.
///
/// Keeps the text of all pages until the end: only then it is known which lines are on most of them.
struct PDFTextScanner: ChildOutput {
    private enum Part {
        /// The lines up to `<pre>`, whose title is escaped.
        case head
        /// The text of the pages, which is not escaped.
        case pages
    }

    private let limits: ExtractionLimits
    private var part = Part.head
    private var pending: [UInt8] = []
    private var title: String?
    private var page = ""
    private var pages: [String] = []
    private var textBytes = 0

    init(limits: ExtractionLimits) { self.limits = limits }

    mutating func append(_ bytes: [UInt8]) throws(ExtractionError) {
        var start = 0
        for (index, byte) in bytes.enumerated() where byte == 0x0A || byte == 0x0C {
            self.pending += bytes[start..<index]
            start = index + 1
            try self.takeLine()
            if byte == 0x0C { self.endPage() }
        }
        self.pending += bytes[start...]
    }

    /// Everything was read; what stands behind the last page closes the head's tags and is no text.
    mutating func finish() throws(ExtractionError) -> PDFText {
        var collector = BlockCollector(limits: self.limits)
        if let title = self.title { collector.setTitle(title) }
        let running = RunningLines(pages: self.pages)
        for (index, page) in self.pages.enumerated() {
            var paragraphs = PDFParagraphs(page: index + 1)
            for line in running.body(of: page, page: index + 1) { try paragraphs.append(line, to: &collector) }
            try paragraphs.finish(&collector)
        }
        let text = collector.isEmpty ? nil : try collector.result(.pdf)
        return PDFText(title: self.title, pages: self.pages.count, text: text)
    }

    private mutating func takeLine() throws(ExtractionError) {
        let line = CleanText.lineEndTrimmed(String(decoding: self.pending, as: UTF8.self))
        self.pending.removeAll(keepingCapacity: true)
        switch self.part {
        case .head:
            if line.hasPrefix("<title>"), line.hasSuffix("</title>") {
                self.title = Self.unescaped(line.dropFirst(7).dropLast(8))
            }
            if line == "<pre>" { self.part = .pages }
        case .pages:
            self.textBytes += line.utf8.count
            guard self.textBytes <= self.limits.textBytes else { throw .tooMuchText(limit: self.limits.textBytes) }
            if !self.page.isEmpty { self.page += "\n" }
            self.page += line
        }
    }

    private mutating func endPage() {
        self.pages.append(self.page)
        self.page = ""
    }

    private static func unescaped(_ text: Substring) -> String {
        var result = ""
        var rest = text
        while let ampersand = rest.firstIndex(of: "&") {
            result += rest[..<ampersand]
            let entity = ["&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&apos;": "'"]
                .first { rest[ampersand...].hasPrefix($0.key) }
            result += entity?.value ?? "&"
            rest = rest[ampersand...].dropFirst(entity?.key.count ?? 1)
        }
        return result + rest
    }
}
