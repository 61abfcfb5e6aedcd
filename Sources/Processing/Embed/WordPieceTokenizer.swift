/// Splits text into the word pieces of an uncased BERT model.
///
/// Text is taken as content: `[CLS]` in it is a bracket, a word and a bracket, never the special token. Time is linear
/// in the text and memory constant beyond the result, whatever the text: a word is held only up to
/// `longestWord` characters, and one that is longer is unknown as a whole.
struct WordPieceTokenizer: Sendable {
    /// The most characters of a word that is looked up; BERT's own bound.
    static let longestWord = 100

    let vocabulary: WordPieceVocabulary
    private let unknown: Int32
    private let scalars = ScalarTable()

    /// Creates a tokenizer.
    ///
    /// - Parameters:
    ///   - vocabulary: The word pieces.
    ///   - unknown: The id that stands for a word which cannot be put together from pieces.
    init(vocabulary: WordPieceVocabulary, unknown: Int32) {
        self.vocabulary = vocabulary
        self.unknown = unknown
    }

    /// The ids of a text's pieces, without special tokens; at most the first `limit`.
    func ids(of text: Substring, limit: Int = .max) -> [Int32] {
        var ids: [Int32] = []
        self.forEachPiece(of: text) { id in
            guard ids.count < limit else { return false }
            ids.append(id)
            return ids.count < limit
        }
        return ids
    }

    /// How many pieces a text has, without special tokens.
    func count(_ text: Substring) -> Int {
        var count = 0
        self.forEachPiece(of: text) { _ in
            count += 1
            return true
        }
        return count
    }

    /// Calls `body` with each piece's id until it returns false.
    private func forEachPiece(of text: Substring, _ body: (Int32) -> Bool) {
        var word = Word()
        for scalar in text.unicodeScalars {
            switch self.scalars.kind(of: scalar) {
            case .letter:
                word.append(scalar)
            case .folded:
                word.append(folded: self.scalars.foldedForm(of: scalar))
            case .ignored:
                continue
            case .space:
                guard self.finish(&word, body) else { return }
            case .alone:
                guard self.finish(&word, body) else { return }
                word.append(scalar)
                guard self.finish(&word, body) else { return }
            case .foldedAlone:
                guard self.finish(&word, body) else { return }
                word.append(folded: self.scalars.foldedForm(of: scalar))
                guard self.finish(&word, body) else { return }
            }
        }
        _ = self.finish(&word, body)
    }

    /// Splits a finished word greedily, longest piece first, and empties it.
    private func finish(_ word: inout Word, _ body: (Int32) -> Bool) -> Bool {
        defer { word.removeAll() }
        guard !word.isEmpty else { return true }
        guard !word.isTooLong else { return body(self.unknown) }

        return word.withUTF8 { bytes in
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: bytes.count) { ids in
                var count = 0
                var rest = bytes[...]
                while !rest.isEmpty {
                    guard let piece = self.vocabulary.longestPiece(of: rest, isContinuation: count > 0) else {
                        return body(self.unknown)
                    }
                    ids[count] = piece.id
                    count += 1
                    rest = rest.dropFirst(piece.length)
                }
                for id in ids[..<count] where !body(id) { return false }
                return true
            }
        }
    }
}

extension WordPieceTokenizer {
    /// The word being read, in its folded form.
    private struct Word {
        private var bytes: [UInt8] = []
        private var characters = 0

        init() { self.bytes.reserveCapacity(4 * (WordPieceTokenizer.longestWord + 4)) }

        var isEmpty: Bool { self.characters == 0 }
        var isTooLong: Bool { self.characters > WordPieceTokenizer.longestWord }

        @inline(__always)
        mutating func append(_ scalar: Unicode.Scalar) {
            self.characters += 1
            guard !self.isTooLong else { return }
            if scalar.isASCII {
                self.bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            } else {
                self.bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }

        mutating func append(folded form: [UInt8]) {
            self.characters += form.reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
            guard !self.isTooLong else { return }
            self.bytes.append(contentsOf: form)
        }

        mutating func removeAll() {
            self.bytes.removeAll(keepingCapacity: true)
            self.characters = 0
        }

        func withUTF8<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
            self.bytes.withUnsafeBufferPointer(body)
        }
    }
}
