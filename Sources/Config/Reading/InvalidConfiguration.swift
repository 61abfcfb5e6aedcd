/// Everything that is wrong with a configuration file, in the order of the file.
package struct InvalidConfiguration: Error, Equatable, CustomStringConvertible {
    /// More lines than anyone reads at once; a file of another kind has thousands.
    private static let printLimit = 100

    /// At least one.
    package let diagnostics: [Diagnostic]

    init(_ diagnostics: [Diagnostic]) {
        let start = Mark(line: 0, column: 0)
        let sorted = diagnostics.enumerated().sorted { left, right in
            (left.element.mark ?? start, left.offset) < (right.element.mark ?? start, right.offset)
        }
        self.diagnostics = sorted.map(\.element)
    }

    /// One diagnostic a line.
    package var description: String {
        var lines = self.diagnostics.prefix(Self.printLimit).map(\.description)
        let rest = self.diagnostics.count - lines.count
        if rest > 0 { lines.append("and \(rest) more errors") }
        return lines.joined(separator: "\n")
    }
}
