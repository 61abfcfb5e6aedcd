/// What one line of Markdown is, seen without its neighbours.
enum MarkdownLine: Equatable {
    case blank
    case heading(level: Int, text: String)
    /// `===` or `---`, which makes a heading of this level of a paragraph above; alone, dashes are a rule.
    case underline(level: Int)
    case rule
    /// Opens code; closes it where it is bare and the same character stands at least as often.
    case fence(Fence, isBare: Bool)
    /// Marker included, so that the text still reads as a list.
    case listItem(String)
    case tableRow(String)
    /// The line below a table's head, which says nothing.
    case tableRule
    case linkDefinition
    case text(String)

    /// What surrounds a block of code.
    struct Fence: Equatable {
        var character: UInt8
        var count: Int
    }

    /// - Parameter line: The line without quote marks; indentation does not matter.
    init(_ line: Substring) {
        var text = line.utf8.drop(while: Self.isBlank)
        while let last = text.last, Self.isBlank(last) { text.removeLast() }
        self = Self.special(text) ?? (text.isEmpty ? .blank : .text(String(Substring(text))))
    }

    private typealias Bytes = Substring.UTF8View

    private static func special(_ text: Bytes) -> MarkdownLine? {
        switch text.first {
        case UInt8(ascii: "#")?: self.heading(text)
        case UInt8(ascii: "`")?, UInt8(ascii: "~")?: self.fence(text)
        case UInt8(ascii: "|")?: self.tableLine(text)
        case UInt8(ascii: "[")?: self.linkDefinition(text)
        case UInt8(ascii: "=")?: text.allSatisfy { $0 == UInt8(ascii: "=") } ? .underline(level: 1) : nil
        case UInt8(ascii: "-")?, UInt8(ascii: "*")?, UInt8(ascii: "_")?, UInt8(ascii: "+")?: self.dashes(text)
        case (UInt8(ascii: "0")...UInt8(ascii: "9"))?: self.numbered(text)
        default: nil
        }
    }

    private static func heading(_ text: Bytes) -> MarkdownLine? {
        let level = text.prefix { $0 == UInt8(ascii: "#") }.count
        var content = text.dropFirst(level)
        guard level <= 6, content.first.map(self.isBlank) ?? true else { return nil }
        var unmarked = content
        while unmarked.last == UInt8(ascii: "#") { unmarked.removeLast() }
        if unmarked.last.map(self.isBlank) ?? true { content = unmarked }
        return .heading(level: level, text: CleanText.line(String(Substring(content))))
    }

    private static func fence(_ text: Bytes) -> MarkdownLine? {
        guard let character = text.first else { return nil }
        let count = text.prefix { $0 == character }.count
        let info = text.dropFirst(count)
        guard count >= 3, !(character == UInt8(ascii: "`") && info.contains(character)) else { return nil }
        return .fence(Fence(character: character, count: count), isBare: info.isEmpty)
    }

    private static func tableLine(_ text: Bytes) -> MarkdownLine {
        let isRule = text.contains(UInt8(ascii: "-")) && text.allSatisfy { "|-: \t".utf8.contains($0) }
        return isRule ? .tableRule : .tableRow(String(Substring(text)))
    }

    /// `[name]: address`, which no reader sees.
    private static func linkDefinition(_ text: Bytes) -> MarkdownLine? {
        guard let close = text.firstIndex(of: UInt8(ascii: "]")) else { return nil }
        let rest = text[close...].dropFirst()
        return rest.first == UInt8(ascii: ":") && rest.count > 1 ? .linkDefinition : nil
    }

    private static func dashes(_ text: Bytes) -> MarkdownLine? {
        guard let first = text.first else { return nil }
        let marks = text.filter { !self.isBlank($0) }
        if first != UInt8(ascii: "+"), marks.allSatisfy({ $0 == first }) {
            if first == UInt8(ascii: "-"), marks.count == text.count, marks.count >= 2 { return .underline(level: 2) }
            if marks.count >= 3 { return .rule }
        }
        guard first != UInt8(ascii: "_"), text.dropFirst().first.map(self.isBlank) ?? true else { return nil }
        return .listItem(String(Substring(text)))
    }

    private static func numbered(_ text: Bytes) -> MarkdownLine? {
        let rest = text.drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard text.count - rest.count <= 9, let mark = rest.first, ".)".utf8.contains(mark),
            rest.dropFirst().first.map(self.isBlank) ?? false
        else { return nil }
        return .listItem(String(Substring(text)))
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
