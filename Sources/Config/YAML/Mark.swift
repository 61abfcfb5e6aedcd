/// A position in a configuration file.
package struct Mark: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Counted from 1.
    package let line: Int
    /// Counted from 1, in Unicode scalars.
    package let column: Int

    /// The first character of a file.
    static let start = Mark(line: 1, column: 1)

    package var description: String { "\(self.line):\(self.column)" }

    /// The position in the middle of a sentence.
    var prose: String { "line \(self.line), column \(self.column)" }

    package static func < (left: Mark, right: Mark) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
