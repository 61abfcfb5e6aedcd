/// Splits text into the word pieces of an uncased BERT model.
///
/// Text is taken as content: `[CLS]` in it is a bracket, a word and a bracket, never the special token. Time is linear
/// in the text and memory constant beyond the result, whatever the text: a word is held only up to
/// `longestWord` characters, and one that is longer is unknown as a whole.
package struct WordPieceTokenizer: Sendable {
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
    package init(vocabulary: WordPieceVocabulary, unknown: Int32) {
        self.vocabulary = vocabulary
        self.unknown = unknown
    }

    /// The ids of a text's pieces, without special tokens; at most the first `limit`.
    package func ids(of text: Substring, limit: Int = .max) -> [Int32] {
        var ids: [Int32] = []
        self.forEachPiece(of: text) { id in
            guard ids.count < limit else { return false }
            ids.append(id)
            return ids.count < limit
        }
        return ids
    }

    /// How many pieces a text has, without special tokens.
    package func count(_ text: Substring) -> Int {
        var count = 0
        self.forEachPiece(of: text) { _ in
            count += 1
            return true
        }
        return count
    }

    /// Calls `body` with each piece's id until it returns false.
    private func forEachPiece(of text: Substring, _ body: (Int32) -> Bool) {
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { self.scan($0, body) }
        if isDone == nil { Array(text.utf8).withUnsafeBufferPointer { self.scan($0, body) } }
    }

    /// Reads valid UTF-8 word by word.
    private func scan(_ text: UnsafeBufferPointer<UInt8>, _ body: (Int32) -> Bool) {
        var word = Word()
        var position = 0
        while position < text.count {
            let (scalar, length) = Self.decode(text, at: position)
            position += length
            let kind = self.scalars.kind(of: scalar)
            switch kind {
            case .letter:
                word.append(scalar)
            case .folded:
                self.fold(scalar, into: &word)
            case .ignored:
                continue
            case .space:
                guard self.finish(&word, body) else { return }
            case .alone, .foldedAlone:
                guard self.finish(&word, body) else { return }
                if kind == .alone { word.append(scalar) } else { self.fold(scalar, into: &word) }
                guard self.finish(&word, body) else { return }
            }
        }
        _ = self.finish(&word, body)
    }

    @inline(__always)
    private func fold(_ scalar: Unicode.Scalar, into word: inout Word) {
        if scalar.isASCII {
            // The only letters of ASCII that fold are the capitals, and the small ones are 32 further on.
            word.append(ascii: UInt8(truncatingIfNeeded: scalar.value) | 0x20)
        } else {
            word.append(folded: self.scalars.foldedForm(of: scalar))
        }
    }

    /// The scalar at a position in valid UTF-8, and its length in bytes.
    @inline(__always)
    private static func decode(_ text: UnsafeBufferPointer<UInt8>, at position: Int) -> (Unicode.Scalar, Int) {
        let first = text[position]
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for byte in text[position + 1..<min(position + length, text.count)] { value = value << 6 | UInt32(byte) & 0x3F }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
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
        mutating func append(ascii byte: UInt8) {
            self.characters += 1
            guard !self.isTooLong else { return }
            self.bytes.append(byte)
        }

        @inline(__always)
        mutating func append(_ scalar: Unicode.Scalar) {
            guard !scalar.isASCII else { return self.append(ascii: UInt8(truncatingIfNeeded: scalar.value)) }
            self.characters += 1
            guard !self.isTooLong else { return }
            self.bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
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
