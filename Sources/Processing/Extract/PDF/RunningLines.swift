/// The heads and feet of a document's pages: lines at their ends that recur on many of them, page numbers too.
///
/// A number in such a line may count the pages. Left and right pages may have different ones, so that each is on half
/// of the pages.
package struct RunningLines {
    /// Lines at either end of a page that are looked at.
    private static let depth = 3
    /// Pages below which nothing can be said.
    private static let fewestPages = 4
    /// Bytes of a line above which it is no head or foot.
    private static let longestLine = 200

    /// The two ends of a page.
    private enum End: Hashable {
        case head
        case foot
    }

    /// A line with its page number taken out of it.
    private struct Key: Hashable {
        var end: End
        var text: String
    }

    private let recurring: Set<Key>

    package init(pages: [String]) {
        guard pages.count >= Self.fewestPages else {
            self.recurring = []
            return
        }
        var counts: [Key: Int] = [:]
        for (index, page) in pages.enumerated() {
            let lines = Self.lines(of: page)
            var keys: Set<Key> = []
            for line in lines.prefix(Self.depth) { keys.formUnion(Self.keys(of: line, at: .head, page: index + 1)) }
            for line in lines.suffix(Self.depth) { keys.formUnion(Self.keys(of: line, at: .foot, page: index + 1)) }
            for key in keys { counts[key, default: 0] += 1 }
        }
        let least = max(3, pages.count * 2 / 5)
        self.recurring = Set(counts.filter { $0.value >= least }.keys)
    }

    /// A page's lines, blank ones included, without its head and foot.
    ///
    /// A page of nothing else keeps them: it may be a slide.
    package func body(of text: String, page: Int) -> ArraySlice<Substring> {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard !self.recurring.isEmpty else { return lines[...] }
        let start = self.runningCount(lines, at: .head, page: page)
        let end = lines.count - self.runningCount(lines.reversed(), at: .foot, page: page)
        guard start < end, lines[start..<end].contains(where: { !$0.isEmpty }) else { return lines[...] }
        return lines[start..<end]
    }

    /// How many lines at one end are running ones, with the blank ones between them.
    private func runningCount(_ lines: [Substring], at end: End, page: Int) -> Int {
        var count = 0
        var seen = 0
        for (index, line) in lines.enumerated() where !line.isEmpty {
            guard seen < Self.depth, !self.recurring.isDisjoint(with: Self.keys(of: line, at: end, page: page)) else {
                break
            }
            seen += 1
            count = index + 1
        }
        return count
    }

    private static func lines(of page: String) -> [Substring] { page.split(separator: "\n") }

    /// The line as it is, and with its first or its last number as the distance to the page.
    private static func keys(of line: Substring, at end: End, page: Int) -> Set<Key> {
        guard line.utf8.count <= self.longestLine else { return [] }
        let words = line.lowercased().split(whereSeparator: \.isWhitespace)
        var keys = [words.joined(separator: " ")]
        let numbers = words.indices.filter { Int(words[$0]) != nil }
        for index in Set([numbers.first, numbers.last].compactMap { $0 }) {
            guard let number = Int(words[index]) else { continue }
            let shown = words.enumerated().map { $0.offset == index ? "#\(number &- page)" : String($0.element) }
            keys.append(shown.joined(separator: " "))
        }
        return Set(keys.map { Key(end: end, text: $0) })
    }
}
