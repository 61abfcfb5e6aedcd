/// Finds what stands between white space, without dividing a grapheme.
struct WordIterator: IteratorProtocol {
    private let scalars: Substring.UnicodeScalarView
    private var position: String.Index

    init(_ text: Substring) {
        self.scalars = text.unicodeScalars
        self.position = self.scalars.startIndex
    }

    mutating func next() -> Range<String.Index>? {
        let start = TextBoundaries.endOfGap(from: self.position, in: self.scalars)
        guard start < self.scalars.endIndex else { return nil }
        var end = start
        while end < self.scalars.endIndex, !TextBoundaries.isGap(at: end, in: self.scalars) {
            end = self.scalars.index(after: end)
        }
        self.position = end
        return start..<end
    }
}
