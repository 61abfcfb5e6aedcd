import Ingest
import Processing
import Testing

@Suite("Plain text")
struct TextExtractionTests {
    private static let extractor = FileExtractor(program: Scratch.program)

    struct Case: CustomTestStringConvertible {
        let testDescription: String
        var mediaType = "text/plain"
        let bytes: [UInt8]
        let blocks: [String]

        init(_ description: String, type mediaType: String = "text/plain", _ bytes: [UInt8], _ blocks: [String]) {
            (self.testDescription, self.mediaType, self.bytes, self.blocks) = (description, mediaType, bytes, blocks)
        }

        init(_ description: String, type mediaType: String = "text/plain", _ text: String, _ blocks: [String]) {
            self.init(description, type: mediaType, Array(text.utf8), blocks)
        }
    }

    static let structure = [
        Case("blank lines part paragraphs", "one\ntwo\n\n \t\n three \n", ["P one⏎two", "P three"]),
        Case("any line end", "a\r\nb\rc\n\r\n\r\nd\u{C}e", ["P a⏎b⏎c", "P d⏎e"]),
        Case("code keeps its indentation", type: "text/x-c", "\n  if\n    x\n\n  y\n", ["C   if⏎    x", "C   y"]),
        Case("control characters go", "a\u{7}b\u{1B}[0m \u{AD}so\u{AD}ft\u{FEFF}", ["P ab[0m soft"]),
        Case("no break space is kept inside", "\u{A0}a\u{A0}b\u{A0}", ["P a\u{A0}b"]),
    ]

    static let encodings = [
        Case("UTF-8", "Grüße 水 😀", ["P Grüße 水 😀"]),
        Case("UTF-8 with a mark", [0xEF, 0xBB, 0xBF, 0xC3, 0xBC], ["P ü"]),
        Case("UTF-16, little end first", [0xFF, 0xFE, 0x3D, 0xD8, 0x00, 0xDE, 0x34, 0x6C], ["P 😀水"]),
        Case("UTF-16, big end first", [0xFE, 0xFF, 0xD8, 0x3D, 0xDE, 0x00, 0x6C, 0x34], ["P 😀水"]),
        Case("UTF-16 cut off", [0xFE, 0xFF, 0x00, 0x41, 0xD8, 0x3D], ["P A\u{FFFD}"]),
        Case("UTF-16 with a lone surrogate", [0xFE, 0xFF, 0xDE, 0x00, 0x00, 0x41], ["P \u{FFFD}A"]),
        Case("UTF-32, little end first", [0xFF, 0xFE, 0, 0, 0x00, 0xF6, 0x01, 0x00], ["P 😀"]),
        Case("UTF-32, big end first", [0, 0, 0xFE, 0xFF, 0x00, 0x01, 0xF6, 0x00, 0x7F, 0, 0, 0], ["P 😀\u{FFFD}"]),
        Case("Windows-1252", [0x47, 0x72, 0xFC, 0xDF, 0x65, 0x20, 0x80, 0x20, 0x93, 0x81], ["P Grüße € “\u{FFFD}"]),
        Case("a line of Windows-1252 in UTF-8", [0xC3, 0xBC, 0x0A, 0xFC, 0x0A, 0xC3, 0xBC], ["P ü⏎ü⏎ü"]),
    ]

    @Test(arguments: Self.structure + Self.encodings)
    func isCutAndDecoded(_ example: Case) async throws {
        let scratch = try Scratch()
        let content = try scratch.file("a", example.bytes)
        #expect(shown(try await Self.extractor.extract(content, mediaType: example.mediaType)) == example.blocks)
    }

    @Test(arguments: [65_535, 65_536, 65_537, 131_071, 200_000])
    func charactersAcrossReadsAreWhole(_ length: Int) async throws {
        let scratch = try Scratch()
        let text = String(repeating: "a", count: length % 7) + String(repeating: "水😀é", count: length / 9)
        let content = try scratch.file("a", text)
        #expect(try await Self.extractor.extract(content, mediaType: "text/plain").blocks.map(\.text) == [text])
        let wide = try scratch.file("b", [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
        #expect(try await Self.extractor.extract(wide, mediaType: "text/plain").blocks.map(\.text) == [text])
    }

    static let failures: [(String, [UInt8], ExtractionLimits, ExtractionError)] = [
        ("text/plain", Array(" \n\t\n".utf8), ExtractionLimits(), .noText(.plainText)),
        ("text/x-c", [], ExtractionLimits(), .noText(.sourceText)),
        ("text/plain", Array(repeating: 0x61, count: 70_000) + [0], ExtractionLimits(), .binaryContent),
        ("text/plain", Array("too long".utf8), ExtractionLimits(fileBytes: 7), .tooLarge(limit: 7)),
        ("text/plain", Array("too long".utf8), ExtractionLimits(textBytes: 7), .tooMuchText(limit: 7)),
        ("text/plain", Array("a\n\nb\n\nc".utf8), ExtractionLimits(blocks: 2), .tooManyBlocks(limit: 2)),
        ("video/mp4", Array("a".utf8), ExtractionLimits(), .unsupported(mediaType: "video/mp4")),
    ]

    @Test(arguments: Self.failures)
    func failsForAReason(
        _ mediaType: String,
        _ bytes: [UInt8],
        _ limits: ExtractionLimits,
        _ expected: ExtractionError
    ) async throws {
        let scratch = try Scratch()
        let content = try scratch.file("a", bytes)
        await #expect(throws: expected) {
            try await FileExtractor(program: Scratch.program, limits: limits).extract(content, mediaType: mediaType)
        }
    }
}
