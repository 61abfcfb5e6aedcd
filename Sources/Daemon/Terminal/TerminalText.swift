/// Text from documents and file names on its way to a terminal.
package enum TerminalText {
    /// Text that cannot steer the terminal: control characters, and those that reorder a line, become U+FFFD.
    ///
    /// - Parameter text: From anywhere.
    /// - Returns: As many scalars as there were.
    package static func printable(_ text: String) -> String { Self.replacing(text, where: Self.isSteering) }

    /// A name, or another short text in a layout: besides, nothing in it is invisible.
    ///
    /// - Parameter text: From anywhere.
    /// - Returns: As many scalars as there were.
    package static func name(_ text: String) -> String {
        Self.replacing(text) { Self.isSteering($0) || $0.properties.generalCategory == .format }
    }

    /// Columns that a text takes: two for wide characters, none for marks by themselves.
    package static func width(of text: String) -> Int { text.reduce(0) { $0 + Self.width(of: $1) } }

    /// The beginning of a text that fits.
    ///
    /// - Parameters:
    ///   - text: What is to be shown.
    ///   - width: Columns that there are.
    /// - Returns: The whole text, or as much of it as leaves room for an ellipsis.
    package static func clipped(_ text: String, to width: Int) -> String {
        guard Self.width(of: text) > width else { return text }
        var result = ""
        var left = width - 1
        for character in text {
            left -= Self.width(of: character)
            guard left >= 0 else { break }
            result.append(character)
        }
        return width > 0 ? result + "…" : ""
    }

    static func width(of character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        if Self.isMark(first) { return 0 }
        // U+FE0F asks for the coloured form of what stands before it.
        let isPicture =
            first.properties.isEmojiPresentation || character.unicodeScalars.contains { $0.value == 0xFE0F }
        return isPicture || Self.isWide(first.value) ? 2 : 1
    }

    private static func replacing(_ text: String, where isBad: (Unicode.Scalar) -> Bool) -> String {
        guard text.unicodeScalars.contains(where: isBad) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isBad($0) ? "\u{FFFD}" : $0 }))
    }

    private static func isSteering(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x202A...0x202E, 0x2066...0x2069: true
        default:
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: true
        default: false
        }
    }

    /// Source: EastAsianWidth.txt of Unicode, its blocks of W and F.
    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
