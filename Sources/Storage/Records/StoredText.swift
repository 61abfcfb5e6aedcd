extension String {
    /// This text as SQLite can hold it: U+FFFD for every U+0000, where the C interface would end the string.
    var storable: String {
        guard self.utf8.contains(0) else { return self }
        return String(String.UnicodeScalarView(self.unicodeScalars.map { $0 == "\u{0}" ? "\u{FFFD}" : $0 }))
    }
}
