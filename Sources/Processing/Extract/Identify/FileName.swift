/// A file's name, as far as it says something about the content.
struct FileName {
    /// The whole name in lower case.
    let lowercased: String
    /// What stands behind the last full stop, in lower case; empty without one, or where only the first character is.
    let fileExtension: String

    init(_ name: String) {
        self.lowercased = name.lowercased()
        if let dot = self.lowercased.lastIndex(of: "."), dot != self.lowercased.startIndex {
            self.fileExtension = String(self.lowercased[self.lowercased.index(after: dot)...])
        } else {
            self.fileExtension = ""
        }
    }
}
