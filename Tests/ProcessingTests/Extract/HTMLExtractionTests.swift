import Ingest
import Processing
import Testing

@Suite("HTML, in a child process")
struct HTMLExtractionTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let blocks: [String]

        init(_ description: String, _ bytes: [UInt8], _ blocks: [String]) {
            (self.testDescription, self.bytes, self.blocks) = (description, bytes, blocks)
        }

        init(_ description: String, _ text: String, _ blocks: [String]) {
            self.init(description, Array(text.utf8), blocks)
        }
    }

    static let structure = [
        Case(
            "headings and paragraphs",
            "<title> A\n <!-- --> &amp; B</title><h1>One <b>two</b></h1>text<p>more<h6>six</h6>",
            ["T A & B", "1 One two", "P text", "P more", "6 six"]
        ),
        Case("white space", "<p> a\n\t b<i>c</i> <b>d</b>\n</p>", ["P a bc d"]),
        Case("line breaks", "<p>a<br>b<br>\n<br>c", ["P a b", "P c"]),
        Case(
            "divisions", "a<div>b<div>c</div>d</div><section>e</section>f", ["P a", "P b", "P c", "P d", "P e", "P f"]),
        Case(
            "lists", "<ul><li>a<li><p>b</p><p>c</p><ul><li>d</ul></ul><dl><dt>e<dd>f</dl>",
            [
                "P - a", "P - b", "P c", "P - d", "P e", "P f",
            ]),
        Case("preformatted", "<pre>\n a &lt;b&gt;\n\n  <b>c</b><br>d\n</pre>e", ["C  a <b>⏎⏎  c⏎d", "P e"]),
        Case(
            "tables",
            "<table><caption>t</caption><tr><th>a<th>b<tr><td><p>c</p><td>d<br>e</table>f",
            ["P t", "C a | b⏎c | d e", "P f"]
        ),
        Case("a table of one row", "<table><tr><td>a<td>b</table>", ["P a | b"]),
        Case(
            "a table that is a layout",
            "<table><tr><td>x<h2>h</h2><p>a</p><p>b</p><ul><li>c</ul><td>d</table>",
            ["P x", "2 h", "P a", "P b", "P - c", "P d"]
        ),
        Case(
            "text behind the end", "<html><body><p>a</body></html>\n<p>b<html><head></head><body>c</html>d",
            [
                "P a", "P b", "P cd",
            ]),
        Case("headings with a permanent link", "<h1>a<a href=\"#a\">¶</a></h1>", ["1 a"]),
    ]

    static let skipping = [
        Case("scripts and styles", "<style>a</style>b<script>if (x) '<p>c'</script><template>d</template>", ["P b"]),
        Case("navigation", "<nav><ul><li>a</ul><nav>b</nav>c</nav><div role=navigation>d</div>e", ["P e"]),
        Case("hidden parts", "<p hidden>a</p><div aria-hidden=true>b<div>c</div></div><body hidden>d", ["P d"]),
        Case(
            "pictures and controls", "a<svg><title>b</title><text>c</text></svg><button>d</button><img alt=e>", ["P a"]),
        Case("comments", "a<!-- b --><?c?>d", ["P ad"]),
        Case("an entity that is none", "a &nosuch; &#0; &#x1F600; &eacute;", ["P a &nosuch; 😀 é"]),
    ]

    static let encodings = [
        Case("UTF-8 without a declaration", "<p>ü水", ["P ü水"]),
        Case(
            "a byte order mark", [0xFE, 0xFF] + "<p>é".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }, ["P é"]),
        Case(
            "a declared encoding", Array("<meta charset=\"shift_jis\"><p>".utf8) + [0x93, 0xFA, 0x96, 0x7B], ["P 日本"]),
        Case(
            "a declared encoding in the old way",
            Array("<meta http-equiv=x content='text/html; charset=KOI8-R'><p>".utf8) + [0xC4, 0xC1],
            ["P да"]
        ),
        Case("Latin 1, which is Windows-1252", Array("<meta charset=ISO-8859-1><p>".utf8) + [0x80, 0xE9], ["P €é"]),
        Case("a wrong declaration", Array("<meta charset=utf-8><p>a\n".utf8) + [0xE9, 0x0A] + "ü".utf8, ["P a é ü"]),
        Case("broken characters", Array("<meta charset=euc-jp><p>a".utf8) + [0xFF] + "b".utf8, ["P a\u{FFFD}b"]),
        Case("an unknown encoding", "<meta charset=no-such><p>ü", ["P ü"]),
        Case("XHTML", "<?xml version='1.0' encoding='utf-8'?><html xmlns='x'><p>ü<br/>a</p></html>", ["P ü a"]),
    ]

    @Test(arguments: Self.structure + Self.skipping + Self.encodings)
    func isRead(_ example: Case) async throws {
        let scratch = try Scratch()
        let content = try scratch.file("a.html", example.bytes)
        let extractor = FileExtractor(program: Scratch.program)
        #expect(shown(try await extractor.extract(content, mediaType: "text/html")) == example.blocks)
    }

    @Test func pageWithoutTextSaysSo() async throws {
        let scratch = try Scratch()
        let content = try scratch.file("a.html", "<title>only a title</title><script>x</script>")
        await #expect(throws: ExtractionError.noText(.html)) {
            try await FileExtractor(program: Scratch.program).extract(content, mediaType: "text/html")
        }
    }

    @Test(arguments: zip(["<!--", "<p title='", "<script>", "<?"], ["-->", "'>", "</script>", ">"]))
    func textBehindMegabytesOfMarkupIsRead(_ opening: String, _ closing: String) async throws {
        let scratch = try Scratch()
        let markup = opening + String(repeating: "x ", count: 6_000_000) + closing
        let content = try scratch.file("a.html", markup + "<p>end")
        let text = try await FileExtractor(program: Scratch.program).extract(content, mediaType: "text/html")
        #expect(shown(text) == ["P end"])
    }

    @Test func largeTextIsNotCutOff() async throws {
        let scratch = try Scratch()
        let text = String(repeating: "A sentence of some words. ", count: 500_000)
        let content = try scratch.file("a.html", "<p>" + text + "</p><p>end")
        let blocks = try await FileExtractor(program: Scratch.program).extract(content, mediaType: "text/html").blocks
        #expect(blocks.last?.text == "end")
        #expect(blocks.dropLast().map(\.text).joined(separator: " ") == text.dropLast())
    }
}
