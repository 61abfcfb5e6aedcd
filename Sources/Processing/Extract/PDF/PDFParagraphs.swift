import Ingest

/// Joins the lines of one page of a PDF to paragraphs.
struct PDFParagraphs {
    private let page: Int
    private var paragraph = ""

    /// - Parameter page: Counts from 1.
    init(page: Int) { self.page = page }

    /// - Parameters:
    ///   - line: Without white space at its end; an empty one ends a paragraph.
    ///   - collector: Takes the paragraphs that are complete.
    /// - Throws: What the collector has no room for.
    mutating func append(_ line: Substring, to collector: inout BlockCollector) throws(ExtractionError) {
        guard !line.isEmpty else {
            // A word that was divided is waited for, across the blank line that poppler leaves there.
            if !Self.endsInDividedWord(self.paragraph) { try self.finish(&collector) }
            return
        }
        guard Self.endsInDividedWord(self.paragraph) else {
            if !self.paragraph.isEmpty { self.paragraph += "\n" }
            self.paragraph += line
            return
        }
        guard line.unicodeScalars.first?.properties.isLowercase == true else {
            try self.finish(&collector)
            self.paragraph = String(line)
            return
        }
        self.paragraph.unicodeScalars.removeLast()
        let word = line.prefix { !$0.isWhitespace }
        self.paragraph += word
        let rest = line[word.endIndex...].drop(while: \.isWhitespace)
        if !rest.isEmpty { self.paragraph += "\n" + rest }
    }

    /// The page ends.
    mutating func finish(_ collector: inout BlockCollector) throws(ExtractionError) {
        try collector.append(.paragraph, self.paragraph, page: self.page)
        self.paragraph = ""
    }

    /// Whether a text ends with a letter and a hyphen.
    private static func endsInDividedWord(_ text: String) -> Bool {
        guard let last = text.unicodeScalars.last, last == "-" || last == "\u{2010}" || last == "\u{AD}" else {
            return false
        }
        return text.unicodeScalars.dropLast().last?.properties.isLowercase == true
    }
}
