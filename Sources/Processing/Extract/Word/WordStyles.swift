/// What the styles of a Word document mean for its structure.
///
/// Source: ECMA-376, part 1, "Styles".
final class WordStyles: XMLEventHandler {
    /// What a paragraph is, as far as its style says.
    struct Meaning: Equatable {
        /// 1 to 6 for a heading.
        var level: Int?
        var isListItem = false
        /// A line of a table of contents, which repeats a heading.
        var isContents = false
    }

    /// Styles are based on others; none sensible goes further.
    private static let longestChain = 12

    private struct Style {
        var base: String?
        var name = ""
        var outlineLevel: Int?
        var isListItem = false
    }

    private var styles: [String: Style] = [:]
    private var id: String?
    private var style = Style()

    func start(_ name: String, _ attributes: XMLAttributes) {
        switch name {
        case "style":
            self.id = attributes.value("styleId")
            self.style = Style()
        case "name": self.style.name = attributes.value("val")?.lowercased() ?? ""
        case "basedOn": self.style.base = attributes.value("val")
        case "outlineLvl": self.style.outlineLevel = attributes.value("val").flatMap { Int($0) }
        case "numPr": self.style.isListItem = true
        default: break
        }
    }

    func end(_ name: String) {
        guard name == "style", let id = self.id else { return }
        self.styles[id] = self.style
        self.id = nil
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}

    /// What a paragraph of this style is.
    func meaning(of id: String) -> Meaning {
        var meaning = Meaning()
        var next: String? = id
        for _ in 0..<Self.longestChain {
            guard let id = next, let style = self.styles[id] else { break }
            meaning.isListItem = meaning.isListItem || style.isListItem
            meaning.isContents = meaning.isContents || style.name.hasPrefix("toc ")
            if let level = Self.level(of: style) {
                meaning.level = level
                break
            }
            if style.outlineLevel != nil { break }
            next = style.base
        }
        if meaning.level != nil { meaning.isListItem = false }
        return meaning
    }

    /// The level that an outline level stands for; 9 is body text.
    static func level(outline: Int) -> Int? { (0...8).contains(outline) ? min(outline + 1, 6) : nil }

    private static func level(of style: Style) -> Int? {
        if let level = style.outlineLevel.flatMap({ Self.level(outline: $0) }) { return level }
        if style.name == "title" { return 1 }
        guard style.name.hasPrefix("heading "), let number = Int(style.name.dropFirst(8)), number >= 1 else {
            return nil
        }
        return min(number, 6)
    }
}
