/// Rids text of what nobody can see and no index should hold.
enum CleanText {
    /// A block's text without control characters, soft hyphens and byte order marks, and without blank ends.
    ///
    /// - Parameters:
    ///   - text: The text as extracted.
    ///   - keepsIndentation: Whether white space at the beginning of the first line stays.
    /// - Returns: Text with a visible character at its end, or none at all.
    static func block(_ text: String, keepsIndentation: Bool) -> String {
        let visible = self.hasInvisible(text) ? self.withoutInvisible(text) : text
        let scalars = visible.unicodeScalars
        var start = scalars.startIndex
        var contentStart = start
        while contentStart < scalars.endIndex, scalars[contentStart].properties.isWhitespace {
            let isNewline = scalars[contentStart] == "\n"
            contentStart = scalars.index(after: contentStart)
            if isNewline { start = contentStart }
        }
        if !keepsIndentation { start = contentStart }
        guard contentStart < scalars.endIndex else { return "" }
        var end = scalars.endIndex
        while end > contentStart {
            let previous = scalars.index(before: end)
            guard scalars[previous].properties.isWhitespace else { break }
            end = previous
        }
        guard start != scalars.startIndex || end != scalars.endIndex else { return visible }
        return String(visible[start..<end])
    }

    /// A text on one line, runs of white space made one space.
    static func line(_ text: String) -> String {
        self.block(text, keepsIndentation: false).unicodeScalars
            .split { $0.properties.isWhitespace }
            .map { String($0) }
            .joined(separator: " ")
    }

    /// A line without the white space at its end.
    static func lineEndTrimmed(_ line: String) -> String {
        guard line.unicodeScalars.last?.properties.isWhitespace == true else { return line }
        var scalars = line.unicodeScalars
        while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
        return String(scalars)
    }

    private static func hasInvisible(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            bytes.contains { $0 < 0x20 && $0 != 0x0A && $0 != 0x09 || $0 == 0x7F || $0 == 0xC2 || $0 == 0xEF }
        }
    }

    private static func withoutInvisible(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars where !self.isInvisible(scalar) {
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0..<0x20, 0x7F..<0xA0, 0xAD, 0xFEFF: true
        default: false
        }
    }
}
