/// Cuts one block into pieces of which each fits in a chunk, as coarse as that allows.
///
/// Sentences or lines first, their words where one is too long, stretches of graphemes where a word is, and single
/// graphemes where even a stretch is. Lazy: a block of any length takes no more memory than its text.
struct PieceIterator: IteratorProtocol {
    /// Bytes of a stretch of graphemes: long enough that counting is cheap, short enough to fill chunks well.
    private static let stretchBytes = 64

    private enum Units {
        case sentences(SentenceIterator)
        case lines(LineIterator)

        mutating func next() -> Range<String.Index>? {
            switch self {
            case .sentences(var iterator):
                defer { self = .sentences(iterator) }
                return iterator.next()
            case .lines(var iterator):
                defer { self = .lines(iterator) }
                return iterator.next()
            }
        }
    }

    private let text: Substring
    private let block: Int
    private let page: Int?
    private let sheet: String?
    private let isHeading: Bool
    private let meter: TokenMeter
    private var units: Units
    private var words: WordIterator?
    private var stretches: GraphemeIterator?
    private var graphemes: GraphemeIterator?

    init(_ source: TextBlock, index: Int, meter: TokenMeter) {
        self.text = TextBoundaries.trimmed(source.text[...])
        self.block = index
        self.page = source.page
        self.sheet = source.sheet
        self.meter = meter
        switch source.kind {
        case .preformatted:
            self.units = .lines(LineIterator(self.text))
            self.isHeading = false
        case .paragraph:
            self.units = .sentences(SentenceIterator(self.text))
            self.isHeading = false
        case .heading:
            self.units = .sentences(SentenceIterator(self.text))
            self.isHeading = true
        }
    }

    mutating func next() -> TextPiece? {
        while true {
            if let range = self.graphemes?.next() {
                return self.piece(range, weight: self.meter.weight(of: self.text[range]))
            }
            self.graphemes = nil
            if let range = self.stretches?.next() {
                if let piece = self.pieceThatFits(range) { return piece }
                self.graphemes = GraphemeIterator(self.text[range], targetBytes: 1)
                continue
            }
            self.stretches = nil
            if let range = self.words?.next() {
                if let piece = self.pieceThatFits(range) { return piece }
                self.stretches = GraphemeIterator(self.text[range], targetBytes: Self.stretchBytes)
                continue
            }
            self.words = nil
            guard let range = self.units.next() else { return nil }
            if let piece = self.pieceThatFits(range) { return piece }
            self.words = WordIterator(self.text[range])
        }
    }

    private func pieceThatFits(_ range: Range<String.Index>) -> TextPiece? {
        self.meter.weightThatFits(self.text[range]).map { self.piece(range, weight: $0) }
    }

    private func piece(_ range: Range<String.Index>, weight: Int) -> TextPiece {
        TextPiece(
            source: self.text,
            block: self.block,
            range: range,
            weight: weight,
            page: self.page,
            sheet: self.sheet,
            isHeading: self.isHeading
        )
    }
}
