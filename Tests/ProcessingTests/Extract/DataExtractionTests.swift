import Ingest
import Processing
import Testing

@Suite("JSON and XML", .timeLimit(.minutes(5)))
struct DataExtractionTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        let type: String
        let text: String
        let blocks: [String]
        var testDescription: String { self.name }
    }

    private static let json = "application/json"
    private static let xml = "application/xml"

    static let jsons = [
        Case(
            name: "keys and values", type: Self.json,
            text: """
                {"name": "Ada", "born": 1815, "tags": ["a", "b"], "at": {"city": "London", "open": true}, "x": null}
                """,
            blocks: ["C name: Ada⏎born: 1815⏎tags: a⏎tags: b⏎at.city: London⏎at.open: true"]),
        Case(
            name: "records", type: Self.json, text: #"{"users": [{"name": "Ada"}, {"name": "Grace"}], "n": 2}"#,
            blocks: ["C users.name: Ada", "C users.name: Grace", "C n: 2"]),
        Case(
            name: "JSON lines", type: Self.json, text: "{\"a\": 1}\n{\"a\": 2}\n\n{\"b\": {}}\n",
            blocks: ["C a: 1", "C a: 2"]),
        Case(
            name: "escapes", type: Self.json, text: #"["a\n\tb \"c\" \/ \u00e9 \ud83d\ude00 \ud83d"]"#,
            blocks: ["C a b \"c\" / é 😀 \u{FFFD}"]),
        Case(
            name: "not JSON but code", type: Self.json, text: "// comment\n{\"a\": 1,}\n",
            blocks: ["C // comment⏎{\"a\": 1,}"]),
        Case(name: "cut off", type: Self.json, text: #"{"a": ["b"#, blocks: [#"C {"a": ["b"#]),
    ]

    static let xmls = [
        Case(
            name: "records", type: Self.xml,
            text: """
                <people><person id='7'><name>Ada</name><born>1815</born></person>\
                <person><name>G</name></person></people>
                """,
            blocks: ["C person id: 7⏎name: Ada⏎born: 1815", "C name: G"]),
        Case(
            name: "prose", type: Self.xml,
            text: "<article><title>On trees</title><para>An <b>oak</b> &amp; an\n elm.</para></article>",
            blocks: ["T On trees", "C title: On trees", "P An oak & an elm."]),
        Case(
            name: "another encoding", type: Self.xml,
            text: "<?xml version='1.0' encoding='UTF-8'?><a><![CDATA[x < y]]></a>", blocks: ["C a: x < y"]),
        Case(
            name: "entities stay what they are", type: Self.xml,
            text: "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>before &x; after</a>",
            blocks: ["C a: before after"]),
    ]

    private static let extractor = FileExtractor(program: Scratch.program)

    @Test(arguments: Self.jsons + Self.xmls)
    func isMadeReadable(_ example: Case) async throws {
        let scratch = try Scratch()
        let content = try scratch.file("a", example.text)
        #expect(shown(try await Self.extractor.extract(content, mediaType: example.type)) == example.blocks)
    }

    @Test func longValuesAreParagraphs() async throws {
        let long = (0..<100).map { "word\($0)" }.joined(separator: " ")
        let scratch = try Scratch()
        let content = try scratch.file("a", #"{"a": 1, "text": "\#(long)", "b": 2}"#)
        let text = try await Self.extractor.extract(content, mediaType: Self.json)
        #expect(shown(text) == ["C a: 1", "P text: \(long)", "C b: 2"])
    }

    @Test(arguments: ["[", "{\"a\":"])
    func deepJSONIsTextAtMost(_ level: String) async throws {
        let scratch = try Scratch()
        let content = try scratch.file("a", String(repeating: level, count: 1_000_000))
        let text = try await Self.extractor.extract(content, mediaType: Self.json)
        #expect(text.blocks.first?.text.hasPrefix(level) == true)
    }

    @Test func entityBombStaysSmall() async throws {
        var bomb = "<!DOCTYPE a [<!ENTITY e0 'boom'>"
        for level in 1...40 {
            bomb += "<!ENTITY e\(level) '\(String(repeating: "&e\(level - 1);", count: 10))'>"
        }
        let scratch = try Scratch()
        let content = try scratch.file("a", bomb + "]><a>x &e40; y</a>")
        let text = try await Self.extractor.extract(content, mediaType: Self.xml)
        #expect(shown(text) == ["C a: x y"])
    }

    @Test func deepXMLWithoutAnEndHasNoText() async throws {
        let scratch = try Scratch()
        let content = try scratch.file("a", String(repeating: "<a>", count: 1_000_000) + "x")
        await #expect(throws: ExtractionError.noText(.xml)) {
            try await Self.extractor.extract(content, mediaType: Self.xml)
        }
    }

    @Test func textIsNoXML() async throws {
        let scratch = try Scratch()
        let content = try scratch.file("a", "just words")
        await #expect(throws: ExtractionError.damaged(.xml)) {
            try await Self.extractor.extract(content, mediaType: Self.xml)
        }
    }
}
