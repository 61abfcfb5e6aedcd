/// Cuts text without white space into stretches of whole graphemes.
struct GraphemeIterator: IteratorProtocol {
    private let text: Substring
    private let targetBytes: Int
    private var position: String.Index

    /// - Parameters:
    ///   - text: The text to cut; it begins and ends at grapheme boundaries.
    ///   - targetBytes: Each stretch but the last has at least this many bytes of UTF-8; 1 gives single graphemes.
    init(_ text: Substring, targetBytes: Int) {
        self.text = text
        self.targetBytes = targetBytes
        self.position = text.startIndex
    }

    mutating func next() -> Range<String.Index>? {
        let start = self.position
        guard start < self.text.endIndex else { return nil }
        var end = start
        var bytes = 0
        while end < self.text.endIndex, bytes < self.targetBytes {
            let next = self.text.index(after: end)
            bytes += self.text.utf8.distance(from: end, to: next)
            end = next
        }
        self.position = end
        return start..<end
    }
}
