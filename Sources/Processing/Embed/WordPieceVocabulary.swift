/// The word pieces a model knows, with the fast question "which is the longest that begins here".
///
/// An open-addressed hash table over the pieces' bytes. Pieces that begin a word and those that continue one
/// (`##ing` in the file) are told apart by the seed of their hash.
package struct WordPieceVocabulary: Sendable {
    /// The number of lines in the file, which is the number of rows of the model's embedding table.
    package let count: Int

    private let bytes: [UInt8]
    private let pieces: [Piece]
    /// Indices into `pieces`, or -1; the size is a power of two and at least twice the number of pieces.
    private let slots: [Int32]
    private let longest: Int

    private struct Piece: Sendable {
        var start: Int32
        var length: Int32
        var id: Int32
        var hash: UInt32
    }

    /// Reads a vocabulary: one piece a line, the line number from 0 is its id.
    ///
    /// - Parameter file: The bytes of `vocab.txt`, already bounded by the caller. Of two equal pieces the first counts.
    package init(parsing file: [UInt8]) {
        var pieces: [Piece] = []
        var lines = file.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        for (id, line) in lines.enumerated() {
            let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            let isContinuation = line.count > 2 && line.starts(with: "##".utf8)
            let text = isContinuation ? line.dropFirst(2) : line
            let hash = text.reduce(Self.seed(isContinuation: isContinuation), Self.extend)
            pieces.append(
                Piece(start: Int32(text.startIndex), length: Int32(text.count), id: Int32(id), hash: hash)
            )
        }
        self.count = lines.count
        self.bytes = file
        self.pieces = pieces
        self.longest = Int(pieces.map(\.length).max() ?? 0)
        self.slots = Self.index(pieces)
    }

    /// The id of a whole piece that begins a word: `[CLS]`.
    package func id(of piece: String) -> Int32? {
        let text = Array(piece.utf8)
        return text.withUnsafeBufferPointer { buffer in
            self.longestPiece(of: buffer[...], isContinuation: false).flatMap {
                $0.length == text.count ? $0.id : nil
            }
        }
    }

    /// The longest piece that a text begins with.
    ///
    /// Takes time proportional to the longest piece there is, however long the text.
    func longestPiece(
        of text: Slice<UnsafeBufferPointer<UInt8>>,
        isContinuation: Bool
    ) -> (id: Int32, length: Int)? {
        let limit = min(text.count, self.longest)
        return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: limit + 1) { hashes in
            hashes[0] = Self.seed(isContinuation: isContinuation)
            for length in 0..<limit { hashes[length + 1] = Self.extend(hashes[length], text[text.startIndex + length]) }
            var length = limit
            while length > 0 {
                if let id = self.find(text.prefix(length), hash: hashes[length]) { return (id, length) }
                length -= 1
            }
            return nil
        }
    }

    private func find(_ text: Slice<UnsafeBufferPointer<UInt8>>, hash: UInt32) -> Int32? {
        var slot = Int(truncatingIfNeeded: Self.mix(hash)) & (self.slots.count - 1)
        while case let index = self.slots[slot], index >= 0 {
            let piece = self.pieces[Int(index)]
            if piece.hash == hash, Int(piece.length) == text.count {
                let start = Int(piece.start)
                if self.bytes[start..<start + text.count].elementsEqual(text) { return piece.id }
            }
            slot = (slot + 1) & (self.slots.count - 1)
        }
        return nil
    }

    private static func index(_ pieces: [Piece]) -> [Int32] {
        var size = 2
        while size < pieces.count * 4 { size *= 2 }
        var slots = [Int32](repeating: -1, count: size)
        for (index, piece) in pieces.enumerated() {
            var slot = Int(truncatingIfNeeded: Self.mix(piece.hash)) & (size - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = Int32(index)
        }
        return slots
    }

    private static func seed(isContinuation: Bool) -> UInt32 { isContinuation ? 0x9E37_79B9 : 0x811C_9DC5 }

    /// One step of FNV-1a.
    @inline(__always)
    private static func extend(_ hash: UInt32, _ byte: UInt8) -> UInt32 { (hash ^ UInt32(byte)) &* 0x0100_0193 }

    /// Spreads a hash over its low bits, which choose the slot.
    @inline(__always)
    private static func mix(_ hash: UInt32) -> UInt32 { (hash ^ (hash >> 15)) &* 0x85EB_CA6B }
}
