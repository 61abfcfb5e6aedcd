import Ingest
import Testing

@Suite("Chunks of a document")
struct ChunkerTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        var size = 8
        var overlap = 0
        let blocks: [TextBlock]
        let chunks: [String]
        var testDescription: String { self.name }
    }

    static let packing = [
        Case(name: "nothing", blocks: [], chunks: []),
        Case(name: "only white space", blocks: [paragraph(" \n\t\u{A0} ")], chunks: []),
        Case(
            name: "paragraphs that fit together",
            blocks: [paragraph("one two three"), paragraph("four five")],
            chunks: ["one two three\n\nfour five"]
        ),
        Case(
            name: "a paragraph that fits alone stays whole",
            blocks: [paragraph("one two three four five"), paragraph("six seven. eight nine ten")],
            chunks: ["one two three four five", "six seven. eight nine ten"]
        ),
        Case(
            name: "a long paragraph is cut between sentences",
            blocks: [paragraph("One two three four. Five six seven. Eight nine ten eleven.")],
            chunks: ["One two three four. Five six seven.", "Eight nine ten eleven."]
        ),
        Case(
            name: "a long sentence is cut between words",
            blocks: [paragraph("a b c d e f g h i j k l")],
            chunks: ["a b c d e f g h", "i j k l"]
        ),
        Case(
            name: "white space between sentences stays as it is",
            blocks: [paragraph("One two.\n Three four.")],
            chunks: ["One two.\n Three four."]
        ),
        Case(
            name: "preformatted text is cut between lines",
            size: 4,
            blocks: [code("  if a {\n    b. C\n  }\n\nend")],
            chunks: ["if a {", "b. C\n  }\n\nend"]
        ),
    ]

    static let headings = [
        Case(
            name: "a heading begins a chunk and is in it",
            blocks: [paragraph("before"), heading(1, "Title"), paragraph("after")],
            chunks: ["before", "Title\n\nafter"]
        ),
        Case(
            name: "headings without text between them stay together",
            blocks: [heading(1, "Title"), heading(2, "Part"), paragraph("text")],
            chunks: ["Title\n\nPart\n\ntext"]
        ),
        Case(
            name: "a heading is not left alone by a paragraph that would fit without it",
            blocks: [heading(1, "The title"), paragraph("One two three. Four five six seven eight.")],
            chunks: ["The title\n\nOne two three.", "Four five six seven eight."]
        ),
        Case(
            name: "a heading longer than a chunk is cut like text",
            size: 3,
            blocks: [heading(1, "a b c d e"), paragraph("f")],
            chunks: ["a b c", "d e\n\nf"]
        ),
    ]

    static let overlaps = [
        Case(
            name: "whole sentences",
            overlap: 4,
            blocks: [paragraph("One two three. Four five. Six seven. Eight nine ten eleven.")],
            chunks: ["One two three. Four five. Six seven.", "Four five. Six seven. Eight nine ten eleven."]
        ),
        Case(
            name: "fewer sentences where more leave no room",
            overlap: 4,
            blocks: [paragraph("One two three. Four five. Six seven. Eight nine ten eleven twelve thirteen.")],
            chunks: [
                "One two three. Four five. Six seven.", "Six seven. Eight nine ten eleven twelve thirteen.",
            ]
        ),
        Case(
            name: "words of a sentence that is too long",
            overlap: 2,
            blocks: [paragraph("One two three four five six seven. Eight nine ten.")],
            chunks: ["One two three four five six seven.", "six seven. Eight nine ten."]
        ),
        Case(
            name: "across paragraphs",
            overlap: 2,
            blocks: [paragraph("one two three four"), paragraph("Five six."), paragraph("seven eight nine")],
            chunks: ["one two three four\n\nFive six.", "Five six.\n\nseven eight nine"]
        ),
        Case(
            name: "never across a heading",
            overlap: 2,
            blocks: [paragraph("One. Two."), heading(2, "Next"), paragraph("three")],
            chunks: ["One. Two.", "Next\n\nthree"]
        ),
        Case(
            name: "never all of the chunk before",
            overlap: 7,
            blocks: [paragraph("one"), paragraph("a b c d e f g h")],
            chunks: ["one", "a b c d e f g h"]
        ),
    ]

    @Test(arguments: Self.packing + Self.headings + Self.overlaps)
    func cuts(_ example: Case) {
        let chunker = Chunker(limits: .init(size: example.size, overlap: example.overlap), countTokens: words)
        let chunks = chunker.chunks(of: ExtractedText(blocks: example.blocks))
        #expect(chunks.map(\.text) == example.chunks)
        #expect(chunks.map(\.index) == Array(example.chunks.indices))
        #expect(chunks.map(\.tokens) == example.chunks.map { words($0[...]) })
    }

    @Test func headingPathIsThatOfTheInnermostSection() {
        let blocks = [
            paragraph("zero"), heading(1, "A"), paragraph("one"), heading(3, "B\n b"), paragraph("two"),
            heading(2, "C"), paragraph("three"), heading(1, "D"), heading(2, "E"), paragraph("four"),
        ]
        let chunks = Chunker(limits: .init(size: 8, overlap: 0), countTokens: words).chunks(
            of: ExtractedText(blocks: blocks)
        )
        #expect(chunks.map(\.headingPath) == [[], ["A"], ["A", "B b"], ["A", "C"], ["D", "E"]])
    }

    @Test func headingInThePathIsClippedBetweenGraphemes() {
        let long = String(repeating: "e\u{301}", count: 1_000)
        let chunks = Chunker(limits: .init(size: 500, overlap: 0), countTokens: words).chunks(
            of: ExtractedText(blocks: [heading(1, long), paragraph("text")])
        )
        let path = chunks.first?.headingPath.first ?? ""
        #expect(path.utf8.count <= 256 && path.utf8.count > 250)
        #expect(long.hasPrefix(path))
    }

    @Test func pageIsTheOneWhereTheChunkBegins() {
        let blocks = [
            TextBlock(kind: .paragraph, text: "one two three", page: 1),
            TextBlock(kind: .paragraph, text: "four five six seven", page: 2),
            TextBlock(kind: .paragraph, text: "eight nine ten. Eleven twelve", page: 3),
        ]
        let document = ExtractedText(blocks: blocks)
        let plain = Chunker(limits: .init(size: 8, overlap: 0), countTokens: words).chunks(of: document)
        #expect(plain.map(\.page) == [1, 3])
        let overlapping = Chunker(limits: .init(size: 8, overlap: 3), countTokens: words).chunks(of: document)
        #expect(overlapping.map(\.page) == [1, 2])
    }
}

func paragraph(_ text: String) -> TextBlock { TextBlock(kind: .paragraph, text: text) }
func heading(_ level: Int, _ text: String) -> TextBlock { TextBlock(kind: .heading(level: level), text: text) }
func code(_ text: String) -> TextBlock { TextBlock(kind: .preformatted, text: text) }

/// The simplest of tokenizers: what stands between white space.
@Sendable func words(_ text: Substring) -> Int { text.split(whereSeparator: \.isWhitespace).count }
