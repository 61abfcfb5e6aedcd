/// Makes blocks of the text of a Word document: its body, or its notes.
///
/// Paragraphs, headings, lists and tables go to the builder that makes blocks of HTML, as the elements they would be
/// there. Source: ECMA-376, part 1, "WordprocessingML".
final class WordText: XMLEventHandler {
    /// What nobody reads: what was deleted or moved away, and copies for programs that do not know a drawing.
    private static let skipped: Set<String> = ["Fallback", "del", "moveFrom", "pPrChange", "rPrChange", "sectPr"]

    private let styles: WordStyles
    private let emit: (HTMLBlockBuilder.Output) -> Void
    private var builder = HTMLBlockBuilder()
    private var skipping = SkippedElement()
    /// The element that the paragraph at hand would be in HTML.
    private var element = "p"
    private var meaning = WordStyles.Meaning()
    private var isInProperties = false
    private var isInText = false
    private var tables = 0

    init(styles: WordStyles, emit: @escaping (HTMLBlockBuilder.Output) -> Void) {
        self.styles = styles
        self.emit = emit
    }

    func finish() { self.builder.finish(emit: self.emit) }

    func start(_ name: String, _ attributes: XMLAttributes) {
        guard !self.skipping.start(name, isSkipped: Self.skipped.contains(name)) else { return }
        if self.isInProperties {
            self.property(name, attributes)
            return
        }
        switch name {
        case "p":
            self.meaning = WordStyles.Meaning()
            self.element = "p"
            self.begin("p")
        case "pPr": self.isInProperties = true
        case "t": self.isInText = true
        case "tab", "ptab": self.write(" ")
        case "br", "cr": self.begin("br")
        case "noBreakHyphen": self.write("-")
        case "tbl":
            self.tables += 1
            if self.tables == 1 { self.begin("table") }
        case "tr": if self.tables == 1 { self.begin("tr") }
        case "tc": self.begin(self.tables == 1 ? "td" : "p")
        default: break
        }
    }

    func end(_ name: String) {
        guard !self.skipping.end(name) else { return }
        switch name {
        case "pPr":
            self.isInProperties = false
            self.open()
        case "p":
            self.builder.end(self.element, emit: self.emit)
            self.element = "p"
            self.meaning.isContents = false
        case "t": self.isInText = false
        case "tbl":
            self.tables = max(0, self.tables - 1)
            if self.tables == 0 { self.builder.end("table", emit: self.emit) }
        case "tr": if self.tables == 1 { self.builder.end("tr", emit: self.emit) }
        default: break
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard self.isInText, !self.skipping.isActive, !self.meaning.isContents else { return }
        self.builder.text(bytes, emit: self.emit)
    }

    private func property(_ name: String, _ attributes: XMLAttributes) {
        switch name {
        case "pStyle":
            let isListItem = self.meaning.isListItem
            self.meaning = attributes.value("val").map { self.styles.meaning(of: $0) } ?? self.meaning
            self.meaning.isListItem = self.meaning.isListItem || isListItem
        case "numPr": self.meaning.isListItem = true
        // The list with this number is none.
        case "numId": if attributes.value("val") == "0" { self.meaning.isListItem = false }
        case "outlineLvl":
            let level = attributes.value("val").flatMap { Int($0) }
            self.meaning.level = level.flatMap { WordStyles.level(outline: $0) }
        default: break
        }
    }

    /// The properties of a paragraph are known, before its text comes.
    private func open() {
        guard self.tables == 0 else { return }
        if let level = self.meaning.level {
            self.element = "h\(level)"
            self.begin(self.element)
        } else if self.meaning.isListItem {
            self.element = "li"
            self.begin(self.element)
        }
    }

    private func begin(_ element: String) {
        self.builder.start(element, isHidden: false, emit: self.emit)
    }

    private func write(_ text: String) {
        guard !self.meaning.isContents else { return }
        var text = text
        text.withUTF8 { self.builder.text($0, emit: self.emit) }
    }
}
