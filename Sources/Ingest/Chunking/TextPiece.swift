/// A stretch of one block's text that stays together: a sentence, a line, a word or a few graphemes.
struct TextPiece {
    /// The whole text of the block, so that neighbouring pieces keep what stands between them.
    let source: Substring
    /// Which block of the document, from 0.
    let block: Int
    let range: Range<String.Index>
    /// What it takes up of a chunk, 1 or more; see `Chunker.Limits.bytesPerToken`.
    let weight: Int
    let page: Int?
    let sheet: String?
    /// Whether it is of a heading, which is never repeated as overlap.
    let isHeading: Bool

    var text: Substring { self.source[self.range] }

    /// The text of consecutive pieces: as in the document within a block, a blank line between blocks.
    static func render(_ pieces: ArraySlice<TextPiece>) -> String {
        var result = ""
        var index = pieces.startIndex
        while index < pieces.endIndex {
            let first = pieces[index]
            var end = first.range.upperBound
            while index < pieces.endIndex, pieces[index].block == first.block {
                end = pieces[index].range.upperBound
                index += 1
            }
            if !result.isEmpty { result += "\n\n" }
            result += first.source[first.range.lowerBound..<end]
        }
        return result
    }
}
