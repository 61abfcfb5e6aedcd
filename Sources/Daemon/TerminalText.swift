/// Text from documents and file names on its way to a terminal.
enum TerminalText {
    /// Text that cannot steer the terminal: control characters become U+FFFD.
    static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }
            )
        )
    }
}
