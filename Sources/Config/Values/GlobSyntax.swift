/// Finds the mistakes in a pattern for file paths.
///
/// Patterns speak of the whole path below the watched folder: `*` and `?` stay within one name, `**` crosses
/// folders, `[a-z]` and `[!a-z]` are sets, `{a,b}` is a choice and may nest, a backslash takes the next character
/// as it is.
struct GlobSyntax {
    /// The longest pattern that the source takes, in Unicode scalars.
    private static let lengthLimit = 1_024
    /// How many choices the source takes within each other.
    private static let choiceLimit = 8

    private var rest: Substring.UnicodeScalarView

    /// Returns the pattern of a scalar.
    static func pattern(_ scalar: Node.Scalar) throws(InvalidValue) -> String {
        var syntax = GlobSyntax(rest: scalar.text[...].unicodeScalars)
        if let problem = syntax.problem() {
            throw InvalidValue(
                "is not a pattern such as '**/*.pdf' or 'reports/**', \(problem): \(scalar.text.quoted)"
            )
        }
        return scalar.text
    }

    private mutating func problem() -> String? {
        guard let first = self.rest.first else { return "it is empty" }
        guard first != "/" else { return "it begins with '/' but is matched below the folder" }
        guard first != "!" else { return "a leading '!' has no meaning: use the other list" }
        guard self.rest.count <= Self.lengthLimit else { return "it is longer than \(Self.lengthLimit) characters" }
        guard !self.rest.contains("\0") else { return "it contains a NUL character" }
        var choices = 0
        while let scalar = self.rest.popFirst() {
            switch scalar {
            case "\\": if self.rest.popFirst() == nil { return "it ends with a '\\' that quotes nothing" }
            case "[": if !self.skipSet() { return "a '[' is not closed: add ']' or write '\\['" }
            case "{": choices += 1
            case "}": choices = max(0, choices - 1)
            default: break
            }
            guard choices <= Self.choiceLimit else { return "more than \(Self.choiceLimit) '{' within each other" }
        }
        return choices == 0 ? nil : "a '{' is not closed: add '}' or write '\\{'"
    }

    /// Skips the rest of a set; a `]` directly behind its beginning belongs to it.
    private mutating func skipSet() -> Bool {
        if self.rest.first == "!" || self.rest.first == "^" { self.rest.removeFirst() }
        if self.rest.first == "]" { self.rest.removeFirst() }
        while let scalar = self.rest.popFirst() {
            if scalar == "]" { return true }
            if scalar == "\\" { _ = self.rest.popFirst() }
        }
        return false
    }
}
