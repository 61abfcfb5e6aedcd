import Processing
import Testing

@Suite("Estimated tokens")
struct TokenEstimateTests {
    @Test(arguments: [
        ("", 0), (" \n\t", 0), ("a", 1), ("word", 1), ("words", 2), ("two words", 3), ("don't", 3), ("12", 1),
        ("12345", 3),
        ("東京", 2), ("Москва", 4), ("a,b", 3), ("x1", 2), ("...", 3), ("\u{10FFFF}", 1),
    ])
    func areCounted(_ text: String, _ tokens: Int) { #expect(TokenEstimate.count(text[...]) == tokens) }

    @Test func aPrefixHasAsManyAsAllowedAndNoMore() {
        let text = "One fish, 22 fishes, rote Fische, рыба и 魚。" + String(repeating: "x", count: 50)
        let total = TokenEstimate.count(text[...])
        for limit in 0...total {
            let prefix = TokenEstimate.prefix(text, tokens: limit)
            #expect(text.hasPrefix(prefix))
            #expect(TokenEstimate.count(prefix[...]) == limit)
        }
        #expect(TokenEstimate.prefix(text, tokens: total) == text)
    }
}
