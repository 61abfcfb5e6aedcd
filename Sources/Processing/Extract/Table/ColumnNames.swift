/// Gives every column of a table a name of its own.
struct ColumnNames {
    /// Bytes of a name that are kept; it is repeated in every row.
    private static let longestName = 256

    private(set) var names: [String] = []
    private var taken: Set<String> = []
    /// What the next column of a name is counted as.
    private var counts: [String: Int] = [:]

    /// Adds a column; one without a name gets one by its position, one whose name is taken a number behind it.
    mutating func append(_ header: String) {
        var name = Self.clipped(CleanText.line(header))
        if name.isEmpty { name = "column_\(self.names.count + 1)" }
        var unique = name
        while !self.taken.insert(unique).inserted {
            let count = (self.counts[name] ?? 1) + 1
            self.counts[name] = count
            unique = "\(name)_\(count)"
        }
        self.names.append(unique)
    }

    private static func clipped(_ name: String) -> String {
        guard name.utf8.count > self.longestName else { return name }
        var result = ""
        for character in name {
            guard result.utf8.count + character.utf8.count <= self.longestName else { break }
            result.append(character)
        }
        return result
    }
}
