import Ingest
import Processing
import Testing

@Suite("What a file is")
struct IdentifyTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        let head: [UInt8]
        let expected: ContentIdentification
        var testDescription: String { "\(self.name): \(String(decoding: self.head.prefix(20), as: UTF8.self))" }

        init(_ name: String, _ head: [UInt8], _ mediaType: String) {
            (self.name, self.head, self.expected) = (name, head, .supported(mediaType: mediaType))
        }

        init(_ name: String, _ head: String, _ mediaType: String) { self.init(name, Array(head.utf8), mediaType) }

        init(_ name: String, _ head: [UInt8], skipped reason: String) {
            (self.name, self.head, self.expected) = (name, head, .skipped(reason: reason))
        }

        init(_ name: String, _ head: String, skipped reason: String) {
            self.init(name, Array(head.utf8), skipped: reason)
        }
    }

    private static let extractor = FileExtractor(program: Scratch.program)

    static let texts = [
        Case("a.txt", "Hello", "text/plain"),
        Case("README", "Hello", "text/plain"),
        Case(".profile", "export A=1", "text/plain"),
        Case("a.unknown", "Hello", "text/plain"),
        Case("A.TXT", "Gr\u{FC}\u{DF}e", "text/plain"),
        Case("latin1.txt", [0x47, 0x72, 0xFC, 0xDF, 0x65], "text/plain"),
        Case("escapes.log", "\u{1B}[31mred\u{1B}[0m", "text/x-log"),
        Case("utf16.txt", [0xFF, 0xFE, 0x41, 0x00], "text/plain"),
        Case("utf32.txt", [0x00, 0x00, 0xFE, 0xFF, 0x00, 0x00, 0x00, 0x41], "text/plain"),
        Case("a.md", "<!DOCTYPE html> in Markdown", "text/markdown"),
        Case("a.markdown", "# Title", "text/markdown"),
        Case("a.swift", "import X", "text/x-swift"),
        Case("a.json", "{}", "application/json"),
        Case("a.xml", "<?xml version='1.0'?><root/>", "application/xml"),
        Case("Makefile", "all:", "text/x-makefile"),
        Case("mail.eml", "From: a", "message/rfc822"),
    ]

    /// Of texts whose names say nothing.
    static let shapes = [
        Case("feed", "<?xml version='1.0'?><rss/>", "application/xml"),
        Case("export.dat", "{\n  \"id\": 1}", "application/json"),
        Case("lines.out", "{\"id\":1}\n{\"id\":2}\n", "application/json"),
        Case("list", " [ {\"id\" : 1}, {\"id\" : 2} ]", "application/json"),
        Case("1795370414.M1P2.host", "Return-Path: <a@b>\r\nFrom: a\r\nTo: b,\r\n c\r\n\r\nHello", "message/rfc822"),
        Case("table.dat", "a,b,c\n1,2,3\n\"4,5\",6,7\n8,9,10\n11,12,13\n", "text/csv"),
        Case("table", "a;b;c\r\n" + String(repeating: "1,5;2;3\r\n", count: 2_000), "text/csv"),
        Case("columns", "a\tb\n" + String(repeating: "1\t2\n", count: 4), "text/tab-separated-values"),
        Case("a.txt", "{\"id\": 1}", "text/plain"),
        Case("prose", "{curly} words", "text/plain"),
        Case("notes", "[1] a reference\n[2] another", "text/plain"),
        Case("few", "a,b,c\n1,2,3\n", "text/plain"),
        Case("poem", "Oh, oh, oh\nah, ah\noh, oh, oh\nah, ah, ah\noh, oh, oh\n", "text/plain"),
        Case("memo", "From: me\nTo: you\n\nHello", "text/plain"),
        Case("hours", "From: 9\nTo: 5\nDate: today\nClosed otherwise, see the door\n\n", "text/plain"),
    ]

    static let pages = [
        Case("a.html", "just text", "text/html"),
        Case("a.HTM", "<p>x", "text/html"),
        Case("a", "<!DOCTYPE html><p>x", "text/html"),
        Case("a.txt", " \n<!-- c --><HTML>", "text/html"),
        Case("a.xml", "<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC 'x'>", "text/html"),
        Case("a.txt", "text about <html>", "text/plain"),
        Case("a.php", "<!DOCTYPE html><?php ?>", "text/x-php"),
        Case("a.dat", [0xFF, 0xFE] + "<html>".utf8.flatMap { [$0, 0] }, "text/html"),
        Case("a.txt", "<!-- never closed", "text/plain"),
    ]

    static let documents = [
        Case("a.pdf", "%PDF-1.7\n", "application/pdf"),
        Case("renamed.txt", "%PDF-1.7\n", "application/pdf"),
        Case("late.pdf", String(repeating: "x", count: 1_000) + "%PDF-1.7", "application/pdf"),
        Case("late.txt", String(repeating: "x", count: 1_000) + "%PDF-1.7", "text/plain"),
        Case("headless.pdf", [0x00, 0x01, 0x02], "application/pdf"),
        Case("error.pdf", "<html>404", "text/html"),
        Case("a.rtf", "{\\rtf1\\ansi", "application/rtf"),
        // Cut off: it is what its name says, and damaged.
        Case(
            "a.docx",
            [0x50, 0x4B, 0x03, 0x04, 0x00],
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        ),
    ]

    static let others = [
        Case("empty.txt", "", skipped: "empty file"),
        Case("a.txt", [0x41, 0x00, 0x42], skipped: "binary content"),
        Case("a.md", [0x01, 0x02, 0x03, 0x04], skipped: "binary content"),
        Case("a.bin", [0x00, 0x01], skipped: "unsupported type 'application/octet-stream'"),
        Case("a.mp4", [0, 0, 0, 24] + "ftypisom".utf8, skipped: "unsupported type 'video/mp4'"),
        Case("a.zip", [0x50, 0x4B, 0x03, 0x04, 0x00], skipped: "unsupported type 'application/zip'"),
        Case("a.ps", "%!PS-Adobe", skipped: "unsupported type 'application/postscript'"),
        Case("a.svg", "<svg/>", skipped: "unsupported type 'image/svg+xml'"),
    ]

    @Test(arguments: Self.texts + Self.shapes + Self.pages + Self.documents + Self.others)
    func isJudgedByBytesThenName(_ example: Case) async throws {
        let scratch = try Scratch()
        let content = try scratch.file("content", example.head)
        #expect(try await Self.extractor.identify(content, name: example.name) == example.expected)
    }

    /// Passing over it would take its older version out of the store.
    @Test func fileThatIsTooLargeIsAnError() async throws {
        let scratch = try Scratch()
        let content = try scratch.file("a.txt", String(repeating: "a", count: 1_501))
        let extractor = FileExtractor(limits: ExtractionLimits(fileBytes: 1_500))
        let error = await #expect(throws: ExtractionError.self) {
            try await extractor.identify(content, name: "a.txt")
        }
        #expect(error == .tooLarge(limit: 1_500))
    }

    @Test(arguments: [
        ("missing", "cannot read the file: it is gone; nothing to do unless it should be there", true),
        (".", "cannot read the file: it is not a regular file; put a regular file in its place", false),
    ])
    func whatCannotBeReadIsAnError(_ name: String, _ message: String, _ isTransient: Bool) async throws {
        let scratch = try Scratch()
        let error = await #expect(throws: ExtractionError.self) {
            try await FileExtractor().identify(Scratch.content("\(scratch.path)/\(name)"), name: "a.txt")
        }
        #expect(error?.description == message)
        #expect(error?.typeName == "UnreadableFile")
        #expect(error?.isTransient == isTransient)
    }
}
