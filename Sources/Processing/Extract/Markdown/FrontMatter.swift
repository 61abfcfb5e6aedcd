/// The metadata that may stand before a Markdown text, between `---` lines (YAML) or `+++` lines (TOML).
struct FrontMatter {
    /// Lines after which it is not front matter but a rule with text below.
    private static let longest = 256

    enum Step: Equatable {
        /// The line belongs to it, or may.
        case taken
        /// It is complete; the title, if it gives one.
        case complete(title: String?)
        /// It was none: these lines are text.
        case rejected([String])
    }

    private let delimiter: String
    private var lines: [String]

    /// Nil when a text that begins with this line has no front matter.
    init?(firstLine: String) {
        let line = Self.trimmed(firstLine)
        guard line == "---" || line == "+++" else { return nil }
        self.delimiter = String(line)
        self.lines = [firstLine]
    }

    mutating func append(_ line: String) -> Step {
        let text = Self.trimmed(line)
        if text == self.delimiter || text == "..." && self.delimiter == "---" {
            return .complete(title: self.lines.lazy.compactMap(Self.title).first)
        }
        self.lines.append(line)
        return self.lines.count > Self.longest ? .rejected(self.lines) : .taken
    }

    /// The lines so far, for a text that ended before the front matter did.
    func abandoned() -> [String] { self.lines }

    private static func title(_ line: String) -> String? {
        let parts = line.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == ":" || $0 == "=" }
        guard parts.count == 2, self.trimmed(parts[0]) == "title" else { return nil }
        var value = self.trimmed(parts[1])
        for quote in ["\"", "'"] where value.count >= 2 && value.hasPrefix(quote) && value.hasSuffix(quote) {
            value = value.dropFirst().dropLast()
        }
        return value.isEmpty ? nil : String(value)
    }

    private static func trimmed(_ text: some StringProtocol) -> Substring {
        var text = Substring(text).unicodeScalars.drop(while: \.properties.isWhitespace)
        while text.last?.properties.isWhitespace == true { text.removeLast() }
        return Substring(text)
    }
}
