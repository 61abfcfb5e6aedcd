import FoundationEssentials
import Processing
import Testing

@Suite("WordPiece tokenizer")
struct TokenizerTests {
    /// A few pieces; a line's number is its id.
    static let pieces = [
        "[UNK]", "un", "##aff", "##able", "hello", "world", "!", ",", "a", "##a", "b", "e", "naive", "日", "本", "か",
        "ᄀ", "##ᅡ", "ss", "i", "[", "]", "cls", "##b", "σ", ";", "α", "##σ", "=", "x", "##x",
    ]

    static let tokenizer = WordPieceTokenizer(
        vocabulary: WordPieceVocabulary(parsing: Array(Self.pieces.joined(separator: "\n").utf8)),
        unknown: 0
    )

    struct Case: CustomTestStringConvertible {
        var text: String
        var pieces: [String]
        var testDescription: String { self.text.debugDescription }

        init(_ text: String, _ pieces: [String]) {
            self.text = text
            self.pieces = pieces
        }
    }

    @Test(arguments: [
        Case("", []),
        Case(" \t\n\r\u{A0}\u{3000}\u{2028}", []),
        Case("unaffable", ["un", "##aff", "##able"]),
        Case("Hello, WORLD!", ["hello", ",", "world", "!"]),
        Case("hello=hello", ["hello", "=", "hello"]),
        Case("unaffablez", ["[UNK]"]),
        Case("na\u{EF}ve nai\u{308}ve", ["naive", "naive"]),
        Case("日本a", ["日", "本", "a"]),
        Case("が", ["か"]),
        Case("가", ["ᄀ", "##ᅡ"]),
        Case("ΑΣ", ["α", "##σ"]),
        Case("İI", ["[UNK]"]),
        Case("[CLS]", ["[", "cls", "]"]),
        Case("a\u{0}b a\u{200D}b a\u{FFFD}b a\u{E000}b", ["a", "##b", "a", "##b", "a", "##b", "a", "##b"]),
        Case("\u{37E}", [";"]),
        Case("a\u{301}\u{302}\u{303}", ["a"]),
        Case("\u{301}", []),
        Case("😀", ["[UNK]"]),
    ])
    func splits(_ example: Case) {
        let ids = Self.tokenizer.ids(of: example.text[...])
        #expect(ids.map { Self.pieces[Int($0)] } == example.pieces)
        #expect(Self.tokenizer.count(example.text[...]) == example.pieces.count)
    }

    @Test func wordOfMoreThanOneHundredCharactersIsUnknown() {
        let long = String(repeating: "x", count: 100)
        #expect(Self.tokenizer.ids(of: long[...]).count == 100)
        #expect(Self.tokenizer.ids(of: (long + "x")[...]) == [0])
        #expect(Self.tokenizer.ids(of: (long + "\u{301}")[...]).count == 100)
    }

    @Test func idsEndAtTheLimit() {
        #expect(Self.tokenizer.ids(of: "a a a a", limit: 3) == [8, 8, 8])
        #expect(Self.tokenizer.ids(of: "unaffable", limit: 2) == [1, 2])
        #expect(Self.tokenizer.ids(of: "a", limit: 0) == [])
    }

    @Test func substringOfALongerTextIsReadAlone() {
        let text = "hello world hello"
        #expect(Self.tokenizer.ids(of: text.dropFirst(6).prefix(5)) == [5])
    }

    @Test(arguments: [
        String(repeating: "x", count: 10_000_000),
        "a" + String(repeating: "\u{301}", count: 2_000_000),
        String(repeating: "ж", count: 99) + String(repeating: " " + String(repeating: "ж", count: 99), count: 20_000),
    ])
    func hostileTextTakesLinearTime(_ text: String) {
        let clock = ContinuousClock()
        let elapsed = clock.measure { _ = Self.tokenizer.count(text[...]) }
        #expect(elapsed < .seconds(20))
    }

    @Test func agreesWithTheReferenceOnRealTextInTwelveScripts() throws {
        let reference = try Reference.load()
        #expect(reference.scripts.count >= 12)
        #expect(reference.lines.count >= 3000)
        let path = try Setting.model.value() + "/vocab.txt"
        let vocabulary = WordPieceVocabulary(parsing: Array(try Data(contentsOf: URL(filePath: path))))
        let tokenizer = WordPieceTokenizer(vocabulary: vocabulary, unknown: try #require(vocabulary.id(of: "[UNK]")))
        let differing = reference.lines.filter { tokenizer.ids(of: $0.text[...]) != $0.ids }
        #expect(differing.isEmpty, "\(differing.prefix(5).map(\.text))")
    }
}
