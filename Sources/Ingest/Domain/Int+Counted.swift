extension Int {
    /// This many of a thing, as people write it: `1 file`, `2 files`, `0 files`.
    ///
    /// - Parameters:
    ///   - noun: The word for one.
    ///   - plural: The word for all other numbers; with an `s` unless said otherwise.
    /// - Returns: The number and the word that goes with it.
    package func counted(_ noun: String, plural: String? = nil) -> String {
        "\(self) \(self == 1 ? noun : plural ?? "\(noun)s")"
    }
}
