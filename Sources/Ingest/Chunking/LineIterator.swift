/// Finds the lines of a text that are not blank, indentation kept, white space at the end left out.
struct LineIterator: IteratorProtocol {
    private let text: Substring
    private var position: String.Index

    init(_ text: Substring) {
        self.text = text
        self.position = text.startIndex
    }

    mutating func next() -> Range<String.Index>? {
        let bytes = self.text.utf8
        while self.position < bytes.endIndex {
            let start = self.position
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
            self.position = end < bytes.endIndex ? bytes.index(after: end) : end
            let content = TextBoundaries.trimmed(self.text[start..<end])
            if !content.isEmpty { return start..<content.endIndex }
        }
        return nil
    }
}
