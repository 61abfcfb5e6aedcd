/// Packs the blocks of one document into chunks, first come first served.
///
/// Holds the pieces of one chunk at a time. Packing greedily at paragraph boundaries finds back to the same
/// boundaries soon after a changed paragraph, so most chunks of an edited document stay what they were.
struct ChunkAssembler {
    private let limits: Chunker.Limits
    private let meter: TokenMeter
    private var chunks: [Chunk] = []
    private var path = HeadingPath()
    private var blocks = 0
    private var sheet: String?
    /// The chunk being filled; the first `repeated` of them are overlap.
    private var pieces: [TextPiece] = []
    private var repeated = 0
    private var weight = 0

    init(limits: Chunker.Limits, countTokens: @escaping (Substring) -> Int) {
        self.limits = limits
        self.meter = TokenMeter(size: limits.size, countTokens: countTokens)
    }

    mutating func append(_ block: TextBlock) {
        if block.sheet != self.sheet {
            self.endSection()
            self.sheet = block.sheet
        }
        if case .heading(let level) = block.kind {
            if self.holdsBody { self.endSection() }
            self.path.enter(level: level, text: block.text)
        }
        var pieces = PieceIterator(block, index: self.blocks, meter: self.meter)
        self.blocks += 1

        var ahead: [TextPiece] = []
        var weight = 0
        while weight <= self.limits.size, let piece = pieces.next() {
            ahead.append(piece)
            weight += piece.weight
        }
        if weight <= self.limits.size, self.holdsBody, self.weight + weight > self.limits.size {
            self.turnOver(for: weight)
        }
        for piece in ahead { self.add(piece) }
        while let piece = pieces.next() { self.add(piece) }
    }

    mutating func finish() -> [Chunk] {
        self.endSection()
        return self.chunks
    }

    /// Whether the chunk being filled has more than headings and overlap.
    private var holdsBody: Bool {
        self.pieces.dropFirst(self.repeated).contains { !$0.isHeading }
    }

    private mutating func add(_ piece: TextPiece) {
        if self.weight + piece.weight > self.limits.size { self.turnOver(for: piece.weight) }
        self.pieces.append(piece)
        self.weight += piece.weight
    }

    /// Ends the chunk and begins the next with as much overlap as leaves room for `incoming`.
    private mutating func turnOver(for incoming: Int) {
        let last = self.emit()
        self.pieces = self.overlap(of: last, room: self.limits.size - incoming)
        self.repeated = self.pieces.count
        self.weight = self.pieces.reduce(0) { $0 + $1.weight }
    }

    private mutating func endSection() {
        self.emit()
        self.pieces = []
        self.repeated = 0
        self.weight = 0
    }

    /// Appends what was filled as a chunk, or as several where the whole counts for more than its parts.
    ///
    /// - Returns: The pieces of the last one; none if there was nothing new to append.
    @discardableResult
    private mutating func emit() -> ArraySlice<TextPiece> {
        var rest = self.pieces[...]
        var last: ArraySlice<TextPiece> = []
        guard rest.count > self.repeated else { return last }
        while !rest.isEmpty {
            let (taken, text, tokens) = self.largestChunk(of: rest)
            if taken.endIndex <= self.repeated {
                rest = self.pieces[self.repeated...]
                self.repeated = 0
                continue
            }
            self.chunks.append(
                Chunk(
                    index: self.chunks.count,
                    text: text,
                    tokens: tokens,
                    page: taken.first?.page,
                    sheet: taken.first?.sheet,
                    headingPath: self.path.texts
                )
            )
            last = taken
            rest = rest[taken.endIndex...]
        }
        return last
    }

    /// The leading pieces that really fit in a chunk together; pieces that do not add up are halved until they do.
    private func largestChunk(
        of pieces: ArraySlice<TextPiece>
    ) -> (pieces: ArraySlice<TextPiece>, text: String, tokens: Int) {
        var taken = pieces
        while true {
            let text = String(TextBoundaries.trimmed(TextPiece.render(taken)[...]))
            let tokens = self.meter.countTokens(text[...])
            if tokens <= self.limits.size || taken.count == 1 { return (taken, text, tokens) }
            taken = taken.prefix(taken.count / 2)
        }
    }

    /// The end of a chunk that the next one repeats: whole sentences, or words of the last where none is short enough.
    private func overlap(of pieces: ArraySlice<TextPiece>, room: Int) -> [TextPiece] {
        let most = min(self.limits.overlap, room)
        var start = pieces.endIndex
        var weight = 0
        while start > pieces.startIndex + 1, !pieces[start - 1].isHeading,
            weight + pieces[start - 1].weight <= most
        {
            start -= 1
            weight += pieces[start].weight
        }
        if start < pieces.endIndex { return Array(pieces[start...]) }
        guard most > 0, let last = pieces.last, !last.isHeading else { return [] }
        return self.lastWords(of: last, most: most).map { [$0] } ?? []
    }

    /// The last words of a piece as a piece of their own, never all of it.
    private func lastWords(of piece: TextPiece, most: Int) -> TextPiece? {
        var words: [Range<String.Index>] = []
        var iterator = WordIterator(piece.text)
        while let word = iterator.next() { words.append(word) }
        var start: String.Index?
        var weight = 0
        for word in words.dropFirst().reversed() {
            let wordWeight = self.meter.weight(of: piece.source[word])
            guard weight + wordWeight <= most else { break }
            weight += wordWeight
            start = word.lowerBound
        }
        return start.map {
            TextPiece(
                source: piece.source,
                block: piece.block,
                range: $0..<piece.range.upperBound,
                weight: weight,
                page: piece.page,
                sheet: piece.sheet,
                isHeading: false
            )
        }
    }
}
