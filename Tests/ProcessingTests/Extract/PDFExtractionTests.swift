import FoundationEssentials
import Ingest
import Processing
import Testing

@Suite("PDF, by poppler in a child process")
struct PDFExtractionTests {
    private static let extractor = FileExtractor(program: Scratch.program)

    @Test func pagesParagraphsAndTitleAreRead() async throws {
        let scratch = try Scratch()
        let sample = SamplePDF(
            pages: [
                ["The first line of a paragraph", "and its second line.", "", "", "Another (one)."],
                ["On page two."],
                [],
                ["On page four & last <x>."],
            ],
            title: "Cats & dogs <1>"
        )
        let content = try scratch.file("a.pdf", sample.bytes)
        #expect(
            shown(try await Self.extractor.extract(content, mediaType: "application/pdf")) == [
                "T Cats & dogs <1>",
                "P@1 The first line of a paragraph⏎and its second line.",
                "P@1 Another (one).",
                "P@2 On page two.",
                "P@4 On page four & last <x>.",
            ]
        )
    }

    @Test(arguments: ["-", "-v", "--help.pdf", "line\nbreak.pdf", "späce ☃.pdf", "'\"$(x)`;.pdf", "%s.pdf"])
    func nameIsNeverAnOption(_ name: String) async throws {
        let scratch = try Scratch()
        let content = try scratch.file(name, SamplePDF(pages: [["Text"]]).bytes)
        let text = try await Self.extractor.extract(content, mediaType: "application/pdf")
        #expect(shown(text) == ["P@1 Text"])
    }

    @Test func scanSaysThatItHasNoText() async throws {
        let scratch = try Scratch()
        let content = try scratch.file("a.pdf", SamplePDF(pages: [[], []]).bytes)
        let error = await #expect(throws: ExtractionError.self) {
            try await Self.extractor.extract(content, mediaType: "application/pdf")
        }
        #expect(error?.typeName == "NoText")
        #expect(
            error?.description
                == "no text in the PDF: it may be a scan; set 'processing.ocr', or run it through text recognition"
        )
    }

    static let broken: [(String, [UInt8])] = {
        let whole = SamplePDF(pages: [["Text"]]).bytes
        return [
            ("cut off in the first object", Array(whole.prefix(40))),
            ("only a mark", Array("%PDF-1.7\n".utf8)),
            ("no mark", Array(repeating: 0x01, count: 5_000)),
            (
                "a page tree that contains itself",
                Array(
                    """
                    %PDF-1.4
                    1 0 obj
                    << /Type /Catalog /Pages 1 0 R /Kids [1 0 R] /Count 1000000000 >>
                    endobj
                    """.utf8)
            ),
        ]
    }()

    @Test(arguments: Self.broken)
    func damagedFileSaysSo(_ description: String, _ bytes: [UInt8]) async throws {
        let scratch = try Scratch()
        let content = try scratch.file("a.pdf", bytes)
        let error = await #expect(throws: ExtractionError.self) {
            try await Self.extractor.extract(content, mediaType: "application/pdf")
        }
        #expect(error == .damaged(.pdf))
        #expect(error?.isTransient == false)
    }

    @Test func encryptedFileSaysSo() async throws {
        let scratch = try Scratch()
        let bytes = try #require(Data(base64Encoded: EncryptedPDF.base64))
        let content = try scratch.file("a.pdf", bytes)
        let error = await #expect(throws: ExtractionError.self) {
            try await Self.extractor.extract(content, mediaType: "application/pdf")
        }
        #expect(error == .encrypted(.pdf))
        #expect(error?.description == "cannot read the PDF: it is encrypted; save it without a password")
    }

    /// The tool's output is prepared, so that what poppler does with hyphens and columns does not matter.
    static let texts: [(String, [String])] = [
        ("one\ntwo\n\nthree\n\u{C}\u{C}four\n\u{C}", ["P@1 one⏎two", "P@1 three", "P@3 four"]),
        ("exam-\nple text\n\u{C}", ["P@1 example⏎text"]),
        ("exam-\n\nple text\n\u{C}", ["P@1 example⏎text"]),
        ("exam-\nple-\nwords\n\u{C}", ["P@1 examplewords"]),
        ("Anglo-\nSaxon 2-\n3 -\nx\n\u{C}", ["P@1 Anglo-", "P@1 Saxon 2-⏎3 -⏎x"]),
        ("over exam-\n\u{C}ple\n\u{C}", ["P@1 over exam-", "P@2 ple"]),
        ("</pre>\n<pre>\n<title>x</title>\n\u{C}</pre>\n</body>\n", ["P@1 </pre>⏎<pre>⏎<title>x</title>"]),
        ("crlf\r\n  spaces  \n\u{C}", ["P@1 crlf⏎  spaces"]),
        ("not valid: \u{FFFD}\n\u{C}", ["P@1 not valid: \u{FFFD}"]),
    ]

    @Test(arguments: Self.texts)
    func textIsJoined(_ text: String, _ blocks: [String]) async throws {
        let scratch = try Scratch()
        let prepared = try scratch.file("prepared", "<html>\n<title>T</title>\n<pre>\n" + text)
        let copy = "while IFS= read -r line || [ -n \"$line\" ]; do printf '%s\\n' \"$line\"; done"
        let tool = try scratch.script("tool", "\(copy) < '\(prepared.filePath)'")
        let extractor = FileExtractor(program: Scratch.program, tools: ExtractionTools(pdftotext: tool))
        let text = try await extractor.extract(prepared, mediaType: "application/pdf")
        #expect(shown(text) == ["T T"] + blocks)
    }
}
