package import Ingest

/// Takes the footnotes of Word's old documents from what antiword shows as text: its DocBook marks them and leaves them
/// empty.
package enum WordFootnotes {
    private static let mark = Array("<footnote>".utf8)
    /// What stands above the notes, which are behind the text: `[1] The first`.
    private static let line = "-----------------------"

    /// Whether DocBook by antiword has a footnote.
    static func areMarked(in docBook: [UInt8]) -> Bool { docBook.firstIndex(of: Self.mark) != nil }

    /// - Parameters:
    ///   - shown: The whole document as text, a paragraph a line.
    ///   - limits: What may be taken.
    /// - Returns: A paragraph for each that the notes have; none where no notes are found.
    /// - Throws: What there is no room for.
    package static func blocks(in shown: [UInt8], limits: ExtractionLimits) throws(ExtractionError) -> [TextBlock] {
        let lines = String(decoding: shown, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        // The text may have such a line, too; the notes are behind the last.
        guard let start = lines.lastIndex(where: { $0 == Self.line }), start + 1 < lines.count,
            lines[start + 1].hasPrefix("[1] ")
        else { return [] }
        var collector = BlockCollector(limits: limits)
        for line in lines[(start + 1)...] { try collector.append(.paragraph, String(line)) }
        return try collector.result(.oldWordDocument).blocks
    }
}
