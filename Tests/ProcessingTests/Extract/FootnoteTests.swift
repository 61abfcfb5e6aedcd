import Ingest
import Processing
import Testing

@Suite("Footnotes of older formats")
struct FootnoteTests {
    static let richTexts: [(String, String?)] = [
        (#"{\rtf1 a{\super \chftn{\*\footnote \pard note}} b}"#, #"{\rtf1 a{\super \chftn{  \pard note}} b}"#),
        (#"{\footnote one}{\footnote\pard two}"#, #"{  one}{ \pard two}"#),
        (#"{\*\generator x;}{\footnote{n}}"#, #"{\*\generator x;}{ {n}}"#),
        (#"ends in \footnote"#, "ends in  "),
        // Another word, and a backslash that is text.
        (#"{\footnotesep x}{\\footnote y}"#, nil),
        (#"{\\\footnote y}{\footnotesep}"#, #"{\\  y}{\footnotesep}"#),
        ("no note", nil), ("", nil),
    ]

    @Test(arguments: Self.richTexts)
    func notesOfRichTextStandWhereTheyAreMarked(document: String, expected: String?) {
        #expect(RichTextFootnotes.inlined(Array(document.utf8)).map { String(decoding: $0, as: UTF8.self) } == expected)
    }

    private static let line = String(repeating: "-", count: 23)

    static let shown: [(String, [String])] = [
        (
            "Text.[1]\n\n\(Self.line)\n[1] A note.\n\nIts end.\n\n[2] Another.\n\n",
            ["[1] A note.", "Its end.", "[2] Another."]
        ),
        ("A line\n\(Self.line)\nof the text.[1]\n\(Self.line)\n[1] A note.\n", ["[1] A note."]),
        ("A line\n\(Self.line)\nof the text.", []), ("Text.\n\(Self.line)", []), ("", []),
    ]

    @Test(arguments: Self.shown)
    func notesOfOldWordDocumentsAreBehindTheLastLine(shown: String, expected: [String]) throws {
        let blocks = try WordFootnotes.blocks(in: Array(shown.utf8), limits: ExtractionLimits())
        #expect(blocks == expected.map { TextBlock(kind: .paragraph, text: $0) })
    }

    @Test func notesCountAsText() {
        let shown = Array("\(Self.line)\n[1] \(String(repeating: "long ", count: 100))\n".utf8)
        #expect(throws: ExtractionError.tooMuchText(limit: 100)) {
            try WordFootnotes.blocks(in: shown, limits: ExtractionLimits(textBytes: 100))
        }
    }
}
