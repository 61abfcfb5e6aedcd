import Ingest
import SeededRandom

/// Documents of any script and shape, the same for the same seed.
struct RandomDocument: RandomNumberGenerator {
    private var generator: SplitMix64

    init(seed: UInt64) { self.generator = SplitMix64(seed: seed) }

    mutating func next() -> UInt64 { self.generator.next() }

    mutating func document() -> ExtractedText {
        ExtractedText(blocks: (0..<Int.random(in: 1...12, using: &self)).map { _ in self.block() })
    }

    private mutating func block() -> TextBlock {
        let kinds: [TextBlock.Kind] = [
            .paragraph, .paragraph, .paragraph, .preformatted, .heading(level: Int.random(in: 1...6, using: &self)),
        ]
        let kind = self.pick(kinds)
        var text = ""
        for _ in 0..<Int.random(in: 0...(kind == .preformatted ? 40 : 60), using: &self) {
            text += self.pick(Self.words)
            text += self.pick(Self.separators)
        }
        return TextBlock(kind: kind, text: text, page: Bool.random(using: &self) ? 1 : nil)
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &self)]
    }

    private static let separators = [
        " ", " ", " ", " ", "  ", "\n", "\r\n", ". ", ".\n", "! ", "? ", "。", "", "", "\t", "\u{A0}", "\u{3000}",
        " \u{301}", ".\u{301} ", "।\u{20}", "...", ") ", "\u{200D}", "\u{2028}",
    ]

    private static let words = [
        "a", "The", "word", "3.14", "e.g", "Dr", "x_y", "caf\u{65}\u{301}", "naïve", "Å\u{30A}\u{30A}", "日本語", "中文，",
        "ไทยกำ", "क्षत्रिय", "नमस्ते", "العربية", "\u{600}", "\u{600}12", "한국어", "\u{1112}\u{1161}\u{11AB}", "🇩🇪🇫🇷🇯", "👩‍👩‍👧‍👦", "👍🏽",
        "z\u{334}\u{334}\u{334}\u{334}\u{334}\u{334}\u{334}\u{334}", "\u{301}", "“quoted”", "(",
        "https://example.com/a/b?c=d",
        String(repeating: "long", count: 40), String(repeating: "水", count: 30), "\u{FEFF}", "\u{0}", "Öl",
    ]
}
