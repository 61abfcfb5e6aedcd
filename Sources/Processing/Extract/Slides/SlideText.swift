/// Gathers the text of a PowerPoint slide, or of the notes to one.
///
/// Source: ECMA-376, part 1, "PresentationML" and "DrawingML - Text".
final class SlideText: XMLEventHandler {
    /// What is on every slide, or only a copy for programs that do not know a drawing.
    private static let repeated: Set<String> = ["sldNum", "dt", "ftr", "hdr", "sldImg"]

    private(set) var slide = Slide()
    private let isNotes: Bool
    private var builder = HTMLBlockBuilder()
    private var skipping = SkippedElement()
    private var part: Slide.Part
    private var isRepeated = false
    private var isInText = false
    private var tables = 0

    /// - Parameter isNotes: Whether it is the page with the notes.
    init(isNotes: Bool) {
        self.isNotes = isNotes
        self.part = isNotes ? .notes : .body
    }

    func start(_ name: String, _ attributes: XMLAttributes) {
        guard !self.skipping.start(name, isSkipped: name == "Fallback" || Self.isNumber(name, attributes)) else {
            return
        }
        switch name {
        case "sp", "graphicFrame":
            self.flush()
            self.isRepeated = false
            self.part = self.isNotes ? .notes : .body
        case "ph":
            let type = attributes.value("type") ?? ""
            self.isRepeated = Self.repeated.contains(type)
            if !self.isNotes, type == "title" || type == "ctrTitle" { self.part = .title }
        case "p": self.begin("p")
        case "t": self.isInText = true
        case "br": self.begin("br")
        case "tab": self.write(" ")
        case "tbl":
            self.tables += 1
            if self.tables == 1 { self.begin("table") }
        case "tr": if self.tables == 1 { self.begin("tr") }
        case "tc": if self.tables == 1 { self.begin("td") }
        default: break
        }
    }

    func end(_ name: String) {
        guard !self.skipping.end(name) else { return }
        switch name {
        case "p": self.builder.end("p") { self.slide.append($0, to: self.part) }
        case "t": self.isInText = false
        case "tbl":
            self.tables = max(0, self.tables - 1)
            if self.tables == 0 { self.builder.end("table") { self.slide.append($0, to: self.part) } }
        case "tr": if self.tables == 1 { self.builder.end("tr") { self.slide.append($0, to: self.part) } }
        case "sp", "graphicFrame", "sld", "notes": self.flush()
        default: break
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard self.isInText, !self.skipping.isActive, !self.isRepeated else { return }
        self.builder.text(bytes) { self.slide.append($0, to: self.part) }
    }

    /// A field with the number of the slide, or the time of day.
    private static func isNumber(_ name: String, _ attributes: XMLAttributes) -> Bool {
        guard name == "fld", let type = attributes.value("type") else { return false }
        return type == "slidenum" || type.hasPrefix("datetime")
    }

    private func begin(_ element: String) {
        self.builder.start(element, isHidden: false) { self.slide.append($0, to: self.part) }
    }

    private func write(_ text: String) {
        guard !self.isRepeated else { return }
        var text = text
        text.withUTF8 { bytes in self.builder.text(bytes) { self.slide.append($0, to: self.part) } }
    }

    private func flush() {
        self.builder.finish { self.slide.append($0, to: self.part) }
    }
}
