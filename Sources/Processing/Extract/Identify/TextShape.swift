/// What a text is by the look of its beginning, where its name says nothing.
///
/// Takes for data only what has its shape without doubt: to take prose for a table would lose its sentences, to take a
/// table for prose only its columns.
enum TextShape {
    /// Fewer lines are no table.
    private static let fewestRows = 5
    /// Header fields that hardly any other text begins its lines with.
    private static let fields: Set<String> = [
        "from", "to", "date", "subject", "message-id", "received", "return-path", "mime-version", "delivered-to",
    ]

    /// - Parameters:
    ///   - beginning: The first kilobytes of the text.
    ///   - isWhole: Whether that is all of it.
    /// - Returns: A media type; nil for what is text like any other.
    static func mediaType(of beginning: String, isWhole: Bool) -> String? {
        let text = beginning.drop(while: \.isWhitespace)
        if text.hasPrefix("<?xml") { return "application/xml" }
        if self.isObject(text) || text.hasPrefix("[") && self.isObject(text.dropFirst().drop(while: \.isWhitespace)) {
            return "application/json"
        }
        var lines = beginning.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        if !isWhole || lines.last?.isEmpty == true { lines.removeLast() }
        if self.isMessage(lines) { return "message/rfc822" }
        if self.isTable(lines, delimiter: "\t", least: 1) { return "text/tab-separated-values" }
        if self.isTable(lines, delimiter: ",", least: 2) || self.isTable(lines, delimiter: ";", least: 2) {
            return "text/csv"
        }
        return nil
    }

    /// Whether a text begins as an object of JSON does: a brace, a name in quotes, a colon.
    private static func isObject(_ text: Substring) -> Bool {
        guard text.first == "{" else { return false }
        let name = text.dropFirst().drop(while: \.isWhitespace)
        guard name.first == "\"", let end = name.dropFirst().firstIndex(of: "\"") else { return false }
        return name[name.index(after: end)...].first { !$0.isWhitespace } == ":"
    }

    /// Whether lines begin with the header of a message: three known fields and an empty line.
    ///
    /// Source: RFC 5322, section 2.2.
    private static func isMessage(_ lines: [Substring]) -> Bool {
        var found: Set<String> = []
        for line in lines {
            if line.isEmpty { return found.count >= 3 }
            // A field that goes on.
            if line.first == " " || line.first == "\t" { continue }
            guard let colon = line.firstIndex(of: ":") else { return false }
            let name = line[..<colon].lowercased()
            guard !name.isEmpty, name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return false }
            if self.fields.contains(name) { found.insert(name) }
        }
        return false
    }

    /// Whether all lines are divided into the same number of fields.
    private static func isTable(_ lines: [Substring], delimiter: Character, least: Int) -> Bool {
        guard lines.count >= self.fewestRows, let first = lines.first else { return false }
        let count = self.delimiters(in: first, delimiter)
        return count >= least && lines.allSatisfy { self.delimiters(in: $0, delimiter) == count }
    }

    /// How many delimiters a line has outside quotes.
    private static func delimiters(in line: Substring, _ delimiter: Character) -> Int {
        var isQuoted = false
        var count = 0
        for character in line {
            if character == "\"" { isQuoted.toggle() }
            if character == delimiter, !isQuoted { count += 1 }
        }
        return count
    }
}
