/// Makes text of the footnotes of an RTF document where they stand; unrtf leaves out what is marked as one.
///
/// A note is a group `{\footnote …}`, or `{\*\footnote …}` for programs that know no notes.
package enum RichTextFootnotes {
    /// Documents that are longer, nearly always by their pictures, keep their notes to themselves.
    private static let longestDocument = 32 << 20
    private static let destination = Array("\\*".utf8)
    private static let mark = Array("\\footnote".utf8)

    /// - Parameter path: The document; reading it blocks.
    /// - Returns: The document without the marks; nil for one without notes.
    /// - Throws: What the system says to reading it.
    static func inlined(_ path: String) throws -> [UInt8]? {
        let file = try InputFile(path)
        guard file.size <= Self.longestDocument else { return nil }
        var document: [UInt8] = []
        while case let chunk = try file.nextChunk(), !chunk.isEmpty {
            document += chunk
            // It grew since.
            guard document.count <= Self.longestDocument else { return nil }
        }
        return Self.inlined(document)
    }

    /// - Returns: Nil for a document without notes.
    package static func inlined(_ document: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        var copied = 0
        var place = 0
        while let start = document.firstIndex(of: Self.mark, from: place) {
            place = start + Self.mark.count
            // A longer word, as '\footnotesize' would be, is another; behind a backslash it is text.
            let isWord = place == document.count || !Self.isLetter(document[place])
            guard isWord, !Self.isEscaped(document, at: start) else { continue }
            let isOptional = document[copied..<start].suffix(2).elementsEqual(Self.destination)
            result += document[copied..<(isOptional ? start - Self.destination.count : start)]
            result.append(UInt8(ascii: " "))
            copied = place
        }
        return copied == 0 ? nil : result + document[copied...]
    }

    /// Whether an odd number of backslashes stands before a place.
    private static func isEscaped(_ bytes: [UInt8], at index: Int) -> Bool {
        let backslashes = bytes[..<index].reversed().prefix { $0 == UInt8(ascii: "\\") }
        return !backslashes.count.isMultiple(of: 2)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
