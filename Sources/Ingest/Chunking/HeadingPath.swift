/// The headings that a place in a document stands under.
struct HeadingPath {
    /// Bytes of a heading that are kept; the path is repeated in every chunk of its section.
    private static let longestHeading = 256

    private var entries: [(level: Int, text: String)] = []

    /// Outermost first.
    var texts: [String] { self.entries.map(\.text) }

    /// A heading begins: it replaces those of its own level and below.
    mutating func enter(level: Int, text: String) {
        while let last = self.entries.last, last.level >= level { self.entries.removeLast() }
        let shown = Self.clipped(TextBoundaries.trimmed(text[...]))
        if !shown.isEmpty { self.entries.append((level, shown)) }
    }

    /// On one line, not too long, and cut between graphemes where it was.
    private static func clipped(_ text: Substring) -> String {
        var result = ""
        var isGap = false
        for character in text {
            guard result.utf8.count + character.utf8.count < self.longestHeading else { break }
            if character.isWhitespace {
                isGap = true
            } else {
                if isGap { result.append(" ") }
                isGap = false
                result.append(character)
            }
        }
        return result
    }
}
