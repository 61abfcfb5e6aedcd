/// Guesses which word somebody meant.
enum NearMiss {
    /// The longest word worth comparing; the work grows with its square.
    private static let lengthLimit = 40

    /// The candidate that a slip or two away from `word`; nil when none is that close.
    static func of(_ word: String, among candidates: [String]) -> String? {
        let written = Array(word.lowercased().unicodeScalars.prefix(Self.lengthLimit + 1))
        guard written.count <= Self.lengthLimit else { return nil }
        let limit = min(2, max(1, written.count / 3))
        let distances = candidates.map { (Self.distance(written, Array($0.unicodeScalars)), $0) }
        guard let nearest = distances.min(by: { $0.0 < $1.0 }), nearest.0 <= limit else { return nil }
        return nearest.1
    }

    /// How many letters have to be put in, left out, changed or swapped with their neighbour.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var best = min(last[column + 1], current[column]) + 1
                best = min(best, last[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
