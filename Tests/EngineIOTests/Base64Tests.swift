import EngineIO
import SeededRandom
import Testing

@Suite("Base64")
struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func knownValuesOfTheRFC(_ plain: String, _ encoded: String) {
        #expect(String(decoding: Base64.encode(Array(plain.utf8)), as: UTF8.self) == encoded)
        #expect(Base64.decode(Array(encoded.utf8)[...]) == Array(plain.utf8))
    }

    @Test(arguments: ["A", "AA=A", "AAA==", "AA===", "====", "A A=", "AAAAA", "ä"])
    func whatIsNoBase64IsRefused(_ text: String) {
        #expect(Base64.decode(Array(text.utf8)[...]) == nil)
    }

    @Test func anyBytesComeBack() {
        let seed = Fuzz.seed("base64")
        var generator = SplitMix64(seed: seed)
        for count in 0..<300 {
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            #expect(Base64.decode(Base64.encode(bytes)[...]) == bytes)
            #expect(Base64.encode(([0] + bytes).dropFirst()) == Base64.encode(bytes))
            #expect(Base64.decode(Base64.encodeURLSafe(bytes)[...]) == bytes)
        }
    }
}

@Suite("Identifiers")
struct IdentifierTests {
    @Test func textReadsBackWithItsShard() {
        var generator = SplitMix64(seed: 1)
        for shard in UInt8.min...UInt8.max {
            let identifier = Identifier(shard: shard, using: &generator)
            #expect(identifier.text.utf8.count == Identifier.textLength)
            #expect(Identifier(identifier.text) == identifier)
            #expect(identifier.shard == shard)
        }
    }

    @Test func noTwoAreAlike() {
        var generator = SystemRandomNumberGenerator()
        let identifiers = Set((0..<10_000).map { _ in Identifier(shard: 0, using: &generator) })
        #expect(identifiers.count == 10_000)
    }

    @Test(arguments: ["", "abc", "aaaaaaaaaaaaaaaaaaaaa!", "aaaaaaaaaaaaaaaaaaaaaab", "aaaaaaaaaaaaaaaaaaaaab"])
    func whatWasNeverWrittenIsRefused(_ text: String) {
        #expect(Identifier(text) == nil)
    }
}
