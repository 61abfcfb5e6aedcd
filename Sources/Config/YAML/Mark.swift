/// A position in a configuration file.
package struct Mark: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Counted from 1.
    package let line: Int
    /// Counted from 1, in Unicode scalars.
    package let column: Int

    /// The first character of a file.
    static let start = Mark(line: 1, column: 1)

    package var description: String { "\(self.line):\(self.column)" }

    /// Finds the position of a byte, where libyaml has none.
    init(ofByte offset: Int, in text: [UInt8]) {
        let before = text[..<offset]
        let line = before.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).last ?? before
        // Every byte but those that continue a scalar of UTF-8.
        let column = line.count { $0 & 0xC0 != 0x80 }
        self.init(line: before.count { $0 == UInt8(ascii: "\n") } + 1, column: column + 1)
    }

    /// The position in the middle of a sentence.
    var prose: String { "line \(self.line), column \(self.column)" }

    init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: Mark, right: Mark) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
