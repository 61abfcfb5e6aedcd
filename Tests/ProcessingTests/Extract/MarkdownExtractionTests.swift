import Ingest
import Processing
import Testing

@Suite("Markdown")
struct MarkdownExtractionTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let blocks: [String]

        init(_ description: String, _ text: String, _ blocks: [String]) {
            (self.testDescription, self.text, self.blocks) = (description, text, blocks)
        }
    }

    static let structure = [
        Case("headings", "# One #\ntext\n## Two\n###### Six", ["T One", "1 One", "P text", "2 Two", "6 Six"]),
        Case("no headings", "#hash\n####### seven\n\\# escaped", ["P #hash⏎####### seven⏎# escaped"]),
        Case("C# in a heading", "# About C#", ["T About C#", "1 About C#"]),
        Case("underlined headings", "One\n===\nTwo\nlines\n---\ntext", ["T One", "1 One", "2 Two lines", "P text"]),
        Case("rules", "a\n\n---\n***\n_ _ _\nb", ["P a", "P b"]),
        Case("fenced code", "a\n```swift\n# x\n\n  y\n```\nb", ["P a", "C # x⏎⏎  y", "P b"]),
        Case("tildes around backticks", "~~~~\n```\n~~~\n~~~~~\nb", ["C ```⏎~~~", "P b"]),
        Case("a fence that never closes", "```\ncode\n\n# x", ["C code⏎⏎# x"]),
        Case("indented code", "a\n\n    code\n      more\n\nb", ["P a", "C     code⏎      more", "P b"]),
        Case("an indented line of a paragraph", "a\n    b", ["P a⏎b"]),
        Case("list items", "- a\n  b\n* c\n\n    d\n10. e\n\nf", ["P - a⏎b", "P * c", "P d", "P 10. e", "P f"]),
        Case("quotes", "> # T\n> a\n>> b", ["T T", "1 T", "P a⏎b"]),
        Case("tables", "| a | b |\n|---|:-:|\n| 1 | *2* |\nc", ["C | a | b |⏎| 1 | 2 |", "P c"]),
        Case("link definitions", "a [b][1]\n\n[1]: http://x.org\n[2]: y", ["P a b"]),
        Case("comments", "<!-- a\n\n# b\n--> c\n\nd <!-- e --> f", ["P d  f"]),
        Case("tags alone", "<p align=\"center\">\n<img src=\"x\">\n</p>\n\na", ["P a"]),
        Case("front matter", "---\nid: 1\ntitle: \"A title\"\n---\n# H\na", ["T A title", "1 H", "P a"]),
        Case("front matter in TOML", "+++\ntitle = 'T'\n+++\na", ["T T", "P a"]),
        Case("a rule is not front matter", "---\na\n\nb", ["P a", "P b"]),
    ]

    static let inline = [
        Case("links", "see [the docs](http://x.org/a_(b)) now", ["P see the docs now"]),
        Case("pictures", "![a cat](cat.png \"Cat\") and [![badge](b.svg)](c)", ["P a cat and badge"]),
        Case("brackets that are no link", "a[0] = [1, 2](", ["P a[0] = [1, 2]("]),
        Case("emphasis", "**bold** *it* __b__ _i_ ***x***", ["P bold it b i x"]),
        Case(
            "no emphasis", "2 * 3 * 4, 2*3*4, snake_case_name, a ** b", ["P 2 * 3 * 4, 2*3*4, snake_case_name, a ** b"]),
        Case("code", "`*a*` and ``b`c`` and `d", ["P *a* and b`c and `d"]),
        Case("tags and placeholders", "a<br>b <b>c</b> <file> <http://x.org> <i", ["P a b c <file> http://x.org <i"]),
        Case("escapes and entities", "\\*a\\* &lt;b&gt; &amp;amp; &c;", ["P *a* <b> &amp; &c;"]),
    ]

    @Test(arguments: Self.structure + Self.inline)
    func isRead(_ example: Case) async throws {
        let scratch = try Scratch()
        let content = try scratch.file("a.md", example.text)
        #expect(shown(try await FileExtractor().extract(content, mediaType: "text/markdown")) == example.blocks)
    }

    /// Each would take hours in a reader that looks again and again for what closes a mark.
    @Test(
        .timeLimit(.minutes(1)), arguments: ["[", "](", "[a](", "`a``", "<", "<!--", "<a", "*a", "&", "\\", "> ", "- "])
    func openMarksTakeLinearTime(_ mark: String) async throws {
        let scratch = try Scratch()
        let content = try scratch.file("a.md", "x" + String(repeating: mark, count: 500_000))
        let text = try await FileExtractor().extract(content, mediaType: "text/markdown")
        #expect(text.blocks.isEmpty == false)
    }
}
