import Ingest

/// Makes blocks of what `pdftotext -htmlmeta` writes: a head with the title, then pages that end with form feeds.
struct PDFTextScanner: ChildOutput {
    private enum Part {
        /// The lines up to `<pre>`, whose title is escaped.
        case head
        /// The text of the pages, which is not escaped.
        case pages
    }

    private var part = Part.head
    private var pending: [UInt8] = []
    private var paragraph = ""
    private var page = 1
    private var collector: BlockCollector

    init(limits: ExtractionLimits) { self.collector = BlockCollector(limits: limits) }

    mutating func append(_ bytes: [UInt8]) throws(ExtractionError) {
        var start = 0
        for (index, byte) in bytes.enumerated() where byte == 0x0A || byte == 0x0C {
            self.pending += bytes[start..<index]
            start = index + 1
            try self.takeLine()
            if byte == 0x0C {
                try self.endParagraph()
                self.page += 1
            }
        }
        self.pending += bytes[start...]
    }

    /// Everything was read; what stands behind the last page closes the head's tags and is no text.
    mutating func finish() throws(ExtractionError) -> ExtractedText {
        try self.collector.result(.pdf)
    }

    private mutating func takeLine() throws(ExtractionError) {
        let line = CleanText.lineEndTrimmed(String(decoding: self.pending, as: UTF8.self))
        self.pending.removeAll(keepingCapacity: true)
        switch self.part {
        case .head:
            if line.hasPrefix("<title>"), line.hasSuffix("</title>") {
                self.collector.setTitle(Self.unescaped(line.dropFirst(7).dropLast(8)))
            }
            if line == "<pre>" { self.part = .pages }
        case .pages where line.isEmpty:
            // A word that was divided is waited for, across the blank line that poppler leaves there.
            if !Self.endsInDividedWord(self.paragraph) { try self.endParagraph() }
        case .pages:
            try self.add(line)
        }
    }

    private mutating func add(_ line: String) throws(ExtractionError) {
        guard Self.endsInDividedWord(self.paragraph) else {
            if !self.paragraph.isEmpty { self.paragraph += "\n" }
            self.paragraph += line
            return
        }
        guard line.unicodeScalars.first?.properties.isLowercase == true else {
            try self.endParagraph()
            self.paragraph = line
            return
        }
        self.paragraph.unicodeScalars.removeLast()
        let word = line.prefix { !$0.isWhitespace }
        self.paragraph += word
        let rest = line[word.endIndex...].drop(while: \.isWhitespace)
        if !rest.isEmpty { self.paragraph += "\n" + rest }
    }

    private mutating func endParagraph() throws(ExtractionError) {
        try self.collector.append(.paragraph, self.paragraph, page: self.page)
        self.paragraph = ""
    }

    /// Whether a text ends with a letter and a hyphen.
    private static func endsInDividedWord(_ text: String) -> Bool {
        guard let last = text.unicodeScalars.last, last == "-" || last == "\u{2010}" || last == "\u{AD}" else {
            return false
        }
        return text.unicodeScalars.dropLast().last?.properties.isLowercase == true
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
