import Storage
import Testing

@Suite("Full-text questions")
struct FullTextQueryTests {
    struct Case: CustomTestStringConvertible {
        let text: String
        let expression: String?
        var testDescription: String { self.text.debugDescription }
    }

    @Test(arguments: [
        Case(text: "", expression: nil),
        Case(text: " \t\n", expression: nil),
        Case(text: "?!… --", expression: nil),
        Case(text: "\u{0}", expression: nil),
        Case(text: "install", expression: #""install""#),
        Case(text: "How do I install a package?", expression: #""install" OR "package""#),
        Case(text: "to be or not to be", expression: #""to" OR "be" OR "or" OR "not""#),
        Case(text: "Oak oak OAK", expression: #""oak""#),
        Case(text: "isn't the O'Brien file", expression: #""o" OR "brien" OR "file""#),
        Case(text: #"" OR NEAR("#, expression: #""near""#),
        Case(text: "a AND b* NOT content:c", expression: #""b" OR "content" OR "c""#),
        Case(text: "foo_bar-3.14", expression: #""foo" OR "bar" OR "3" OR "14""#),
        Case(text: "x\u{0}y", expression: #""x" OR "y""#),
        Case(text: "Café e\u{301}té", expression: "\"café\" OR \"e\u{301}té\""),
        Case(text: "東京都", expression: #""東京" OR "京都""#),
        Case(text: "木", expression: #""木"*"#),
        Case(text: "GRDBを使う", expression: #""grdb" OR "を使" OR "使う""#),
        Case(text: "🌳", expression: nil),
    ])
    func isQuotedWordByWord(_ example: Case) {
        #expect(FullTextQuery(example.text).expression == example.expression)
    }

    @Test func longTextIsCutToItsFirstWords() {
        let query = FullTextQuery((0..<100_000).map { "word\($0)" }.joined(separator: " "))
        #expect(query.terms.count == FullTextQuery.maxTerms)
        #expect(query.terms.first == "word0")
        let single = FullTextQuery(String(repeating: "x", count: 1_000_000))
        #expect(single.terms.map(\.count) == [FullTextQuery.maxLength])
    }

    @Test(arguments: [
        ("plain text", nil),
        ("Größe – “quoted”", nil),
        ("東京都", " 東京 京都 都 "),
        ("in 東京 now", "in  東京 京  now"),
        ("木", " 木 "),
        ("한글ab", " 한글 글 ab"),
    ])
    func runsOfUnspacedScriptsAreIndexedInPairs(text: String, expected: String?) {
        #expect(UnspacedScript.searchText(of: text) == expected)
    }
}
