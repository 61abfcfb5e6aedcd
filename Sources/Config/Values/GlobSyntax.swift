/// Finds the mistakes in a pattern for file paths.
///
/// Patterns are matched against the path below the watched folder: `*` and `?` stay within one name, `**` crosses
/// folders, `[a-z]` and `[!a-z]` are sets, a backslash takes the next character as it is.
enum GlobSyntax {
    /// Returns the pattern of a scalar.
    static func pattern(_ scalar: Node.Scalar) throws(InvalidValue) -> String {
        if let problem = Self.problem(in: scalar.text) {
            throw InvalidValue("is not a pattern such as '*.pdf' or 'reports/**', \(problem): \(scalar.text.quoted)")
        }
        return scalar.text
    }

    private static func problem(in text: String) -> String? {
        guard let first = text.first else { return "it is empty" }
        guard first != "/" else { return "it begins with '/' but is matched below the folder" }
        guard first != "!" else { return "a leading '!' has no meaning: use the other list" }
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\0": return "it contains a NUL character"
            case "\\": if rest.popFirst() == nil { return "it ends with a '\\' that quotes nothing" }
            case "[": if !Self.skipSet(&rest) { return "a '[' is not closed: add ']' or write '\\['" }
            default: break
            }
        }
        return nil
    }

    /// Skips the rest of a set; a `]` directly behind its beginning belongs to it.
    private static func skipSet(_ rest: inout String.UnicodeScalarView.SubSequence) -> Bool {
        if rest.first == "!" || rest.first == "^" { rest.removeFirst() }
        if rest.first == "]" { rest.removeFirst() }
        while let scalar = rest.popFirst() {
            if scalar == "]" { return true }
            if scalar == "\\" { _ = rest.popFirst() }
        }
        return false
    }
}
