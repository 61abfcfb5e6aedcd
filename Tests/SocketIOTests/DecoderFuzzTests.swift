import SeededRandom
import SocketIO
import Testing

@Suite("Socket.IO decoders under random bytes")
struct DecoderFuzzTests {
    @Test func randomMessagesNeverTrap() {
        let seed = Fuzz.seed("packet")
        var generator = SplitMix64(seed: seed)
        let parts = [
            "0", "2", "3", "5", "6", "1-", "99-", "/a", ",", "7", "[\"a\"", "]", "{\"_placeholder\":true,\"num\":0}",
        ]
        for _ in 0..<Fuzz.iterations(20_000) {
            var decoder = PacketDecoder(limits: PacketLimits())
            for _ in 0..<3 {
                let text = (0..<Int.random(in: 0...7, using: &generator)).map { _ in
                    parts.randomElement(using: &generator) ?? ""
                }
                _ = try? decoder.decode(text: Array(text.joined().utf8)[...])
                if Bool.random(using: &generator) { _ = try? decoder.decode(binary: [1]) }
            }
        }
    }

    @Test func randomTreesComeBack() throws {
        let seed = Fuzz.seed("JSON")
        var generator = SplitMix64(seed: seed)
        for _ in 0..<Fuzz.iterations(2_000) {
            let value = Self.tree(depth: 4, using: &generator)
            #expect(try JSONValue(parsing: value.encoded()) == value, "seed \(seed)")
        }
    }

    @Test func randomBytesNeverTrap() {
        let seed = Fuzz.seed("JSON bytes")
        var generator = SplitMix64(seed: seed)
        let alphabet = Array(#"[]{}",:\u0d8e-+.19tfn "#.utf8) + [0xC3, 0xA9, 0xFF, 0x00]
        for _ in 0..<Fuzz.iterations(50_000) {
            let bytes = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? 0
            }
            _ = try? JSONValue(parsing: bytes)
        }
    }

    private static func tree(depth: Int, using generator: inout SplitMix64) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &generator) {
        case 0: return .null
        case 1: return .bool(.random(using: &generator))
        case 2: return .int(.random(in: .min ... .max, using: &generator))
        case 3: return .double(Double.random(in: -1e9...1e9, using: &generator) + 0.5)
        case 4, 5:
            let scalars = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                UnicodeScalar(UInt32.random(in: 0...0x2FFFF, using: &generator)) ?? "x"
            }
            return .string(String(String.UnicodeScalarView(scalars)))
        case 6:
            return .array((0..<3).map { _ in Self.tree(depth: depth - 1, using: &generator) })
        default:
            return .object(
                Dictionary(
                    (0..<3).map { ("k\($0)\n", Self.tree(depth: depth - 1, using: &generator)) },
                    uniquingKeysWith: { $1 }
                ))
        }
    }
}
