/// Text from documents and file names on its way to a terminal.
enum TerminalText {
    /// Text that cannot steer the terminal: control characters become U+FFFD.
    ///
    /// - Parameters:
    ///   - text: From anywhere.
    ///   - categories: What is replaced; `.format` too where characters that turn the direction would upset a layout.
    /// - Returns: As many scalars as there were.
    static func printable(
        _ text: String,
        replacing categories: Set<Unicode.GeneralCategory> = [.control]
    ) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { categories.contains($0.properties.generalCategory) ? "\u{FFFD}" : $0 }
            )
        )
    }
}
