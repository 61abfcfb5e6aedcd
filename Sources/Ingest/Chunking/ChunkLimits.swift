extension Chunker {
    /// How large chunks become and how much of one is repeated in the next.
    package struct Limits: Equatable, Sendable {
        /// The most tokens of a chunk, 1 or more.
        package let size: Int
        /// The most tokens repeated from the chunk before, 0 or more and less than `size`.
        package let overlap: Int

        /// UTF-8 bytes that count as a token at least.
        ///
        /// Tokenizers give one token to a word that is too long to look up, however long it is. Real text has 3 to 6
        /// bytes a token, so this changes nothing for it and keeps ten megabytes without a space from being one chunk.
        static let bytesPerToken = 32

        package init(size: Int, overlap: Int) {
            precondition(size >= 1, "a chunk holds at least one token")
            precondition((0..<size).contains(overlap), "the overlap is smaller than the chunk")
            self.size = size
            self.overlap = overlap
        }
    }
}
