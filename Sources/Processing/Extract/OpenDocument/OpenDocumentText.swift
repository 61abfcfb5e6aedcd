/// Makes blocks of the text of an OpenDocument text or presentation.
///
/// Paragraphs, headings, lists and tables go to the builder that makes blocks of HTML, as the elements they would be
/// there. Source: OpenDocument 1.3, part 3.
final class OpenDocumentText: XMLEventHandler {
    /// What is not part of the text: remarks, what was deleted, lists of headings, and forms.
    private static let skipped: Set<String> = [
        "annotation", "tracked-changes", "table-of-content", "alphabetical-index", "note-citation", "forms", "title",
        "desc", "automatic-styles", "styles", "master-styles",
    ]
    private static let repeatedClasses: Set<String> = ["page-number", "date-time", "footer", "header"]
    /// Spaces that one element may stand for.
    private static let longestGap = 64

    private let emit: (BlockFrame) -> Void
    private var builder = HTMLBlockBuilder()
    /// Footnotes, which follow the text.
    private var noteBuilder = HTMLBlockBuilder()
    private var notes: [BlockFrame] = []
    private var isInNote = false
    private var skipping = SkippedElement()
    private var paragraphs = 0
    private var element = "p"
    private var lists = 0
    private var tables = 0
    private var slides = SlideSequence()

    init(emit: @escaping (BlockFrame) -> Void) { self.emit = emit }

    func finish() {
        self.flush()
        self.slides.finish(self.emit)
        self.noteBuilder.finish { self.notes.append(BlockFrame($0)) }
        for note in self.notes { self.emit(note) }
    }

    func start(_ name: String, _ attributes: XMLAttributes) {
        guard !self.skipping.start(name, isSkipped: Self.isSkipped(name, attributes)) else { return }
        switch name {
        case "p", "h": self.startParagraph(name, attributes)
        case "s":
            let count = attributes.value("c").flatMap { Int($0) } ?? 1
            self.write(String(repeating: " ", count: min(max(count, 0), Self.longestGap)))
        case "tab": self.write(" ")
        case "line-break": self.begin("br")
        case "note-body": self.isInNote = true
        case "list": self.lists += 1
        case "table":
            self.tables += 1
            if self.tables == 1 { self.begin("table") }
        case "table-row": if self.tables == 1 { self.begin("tr") }
        case "table-cell", "covered-table-cell": self.begin(self.tables == 1 ? "td" : "p")
        case "page", "notes", "frame":
            self.flush()
            self.slides.start(name, attributes, self.emit)
        default: break
        }
    }

    func end(_ name: String) {
        guard !self.skipping.end(name) else { return }
        switch name {
        case "p", "h":
            self.paragraphs = max(0, self.paragraphs - 1)
            self.finishElement(self.isInNote ? "p" : self.element)
            if !self.isInNote { self.element = "p" }
        case "note-body": self.isInNote = false
        case "list": self.lists = max(0, self.lists - 1)
        case "table":
            self.tables = max(0, self.tables - 1)
            if self.tables == 0 { self.finishElement("table") }
        case "table-row": if self.tables == 1 { self.finishElement("tr") }
        case "page", "notes", "frame":
            self.flush()
            self.slides.end(name, self.emit)
        default: break
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard self.paragraphs > 0, !self.skipping.isActive else { return }
        if self.isInNote {
            self.noteBuilder.text(bytes) { self.notes.append(BlockFrame($0)) }
        } else {
            self.builder.text(bytes) { self.take($0) }
        }
    }

    private static func isSkipped(_ name: String, _ attributes: XMLAttributes) -> Bool {
        if self.skipped.contains(name) { return true }
        guard name == "frame", let kind = attributes.value("class") else { return false }
        return self.repeatedClasses.contains(kind)
    }

    private func startParagraph(_ name: String, _ attributes: XMLAttributes) {
        self.paragraphs += 1
        self.begin("p")
        guard self.tables == 0, !self.isInNote, !self.slides.isActive else { return }
        if name == "h" {
            let level = attributes.value("outline-level").flatMap { Int($0) } ?? 1
            self.element = "h\(min(max(level, 1), 6))"
        } else if attributes.value("style-name") == "Title" {
            self.element = "h1"
        } else if self.lists > 0 {
            self.element = "li"
        } else {
            return
        }
        self.begin(self.element)
    }

    private func begin(_ element: String) {
        if self.isInNote {
            self.noteBuilder.start(element, isHidden: false) { self.notes.append(BlockFrame($0)) }
        } else {
            self.builder.start(element, isHidden: false) { self.take($0) }
        }
    }

    private func finishElement(_ element: String) {
        if self.isInNote {
            self.noteBuilder.end(element) { self.notes.append(BlockFrame($0)) }
        } else {
            self.builder.end(element) { self.take($0) }
        }
    }

    private func write(_ text: String) {
        var text = text
        text.withUTF8 { self.text($0) }
    }

    /// What was read so far belongs to the place at hand.
    private func flush() {
        guard self.tables == 0, self.slides.isActive || self.paragraphs == 0 else { return }
        self.builder.finish { self.take($0) }
    }

    private func take(_ output: HTMLBlockBuilder.Output) {
        if self.slides.isActive { self.slides.append(output) } else { self.emit(BlockFrame(output)) }
    }
}
