/// One thing wrong with a configuration, and where.
package struct Diagnostic: Hashable, Sendable, CustomStringConvertible {
    /// The path of the file, as the user named it.
    package let file: String
    /// Nil when the file could not be read at all.
    package let mark: Mark?
    /// What is wrong and what to write instead; one line.
    package let message: String

    /// `corpusd.yaml:3:9: error: …`, the form that editors and compilers agree on.
    package var description: String {
        let position = self.mark.map { "\($0):" } ?? ""
        return "\(self.file):\(position) error: \(self.message)"
    }
}
