/// Cuts a document's text into passages that an embedder can take.
///
/// The structure of the text decides first: a heading begins a chunk, paragraphs stay whole where they fit, and only
/// what is longer than a chunk is cut, between sentences (lines, where line breaks carry meaning), then between words,
/// then between graphemes, never inside one. A chunk that goes on within a section begins with the last sentences of
/// the chunk before it.
///
/// The same text always gives the same chunks, and a changed paragraph changes only the chunks near it. Time is linear
/// in the length of the text, whatever it holds; memory beyond the result is that of one chunk.
package struct Chunker: Sendable {
    private let limits: Limits
    private let countTokens: @Sendable (Substring) -> Int
    private let measure: (@Sendable (Substring) -> Int)?

    /// - Parameters:
    ///   - limits: Sizes in what `measure` measures.
    ///   - countTokens: The tokens of a text for the model that will embed it, 0 or more.
    ///   - measure: How much of a chunk a text takes up, 0 or more; nil for its tokens.
    package init(
        limits: Limits,
        countTokens: @escaping @Sendable (Substring) -> Int,
        measure: (@Sendable (Substring) -> Int)? = nil
    ) {
        self.limits = limits
        self.countTokens = countTokens
        self.measure = measure
    }

    /// The chunks of a document in reading order, numbered from 0.
    ///
    /// - Returns: Chunks of at most `limits.size`, except that a single grapheme is never divided. No text is
    ///   lost but white space; none at all gives no chunks.
    package func chunks(of document: ExtractedText) -> [Chunk] {
        var assembler = ChunkAssembler(limits: self.limits, countTokens: self.measure ?? self.countTokens)
        for block in document.blocks {
            assembler.append(block)
        }
        var chunks = assembler.finish()
        guard self.measure != nil else { return chunks }
        for index in chunks.indices { chunks[index].tokens = self.countTokens(chunks[index].text[...]) }
        return chunks
    }
}
