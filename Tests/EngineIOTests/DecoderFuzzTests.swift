import EngineIO
import SeededRandom
import Testing

@Suite("Engine.IO decoders under random bytes")
struct DecoderFuzzTests {
    private static let alphabet = Array("0123456bprobe=+/:\u{1E}€😀%&=".utf8) + [0, 1, 4, 9, 0xFF, 0xF0, 0x80]

    private func bytes(upTo count: Int, using generator: inout SplitMix64) -> [UInt8] {
        (0..<Int.random(in: 0...count, using: &generator)).map { _ in
            Int.random(in: 0..<5, using: &generator) > 0
                ? Self.alphabet.randomElement(using: &generator) ?? 0
                : UInt8.random(in: .min ... .max, using: &generator)
        }
    }

    @Test func packetsNeverTrap() {
        var generator = SplitMix64(seed: Fuzz.seed("packet"))
        for _ in 0..<Fuzz.iterations(20_000) {
            let bytes = self.bytes(upTo: 12, using: &generator)[...]
            _ = try? Packet(payloadPart: bytes)
            for version in ProtocolVersion.allCases {
                _ = try? Packet(frame: .text(bytes), version: version)
                _ = try? Packet(frame: .binary(bytes), version: version)
            }
        }
    }

    @Test func payloadsGiveNoMoreThanTheyHold() {
        let seed = Fuzz.seed("payload")
        var generator = SplitMix64(seed: seed)
        for _ in 0..<Fuzz.iterations(20_000) {
            let bytes = self.payload(using: &generator)
            for framing in [PayloadReader.Framing.separated, .counted, .binary] {
                var reader = PayloadReader(bytes[...], framing: framing)
                var packets = 0
                var content = 0
                while let packet = try? reader.next() {
                    packets += 1
                    if case .message(let message) = packet { content += message.bytes.count }
                }
                #expect(packets <= bytes.count + 1, "seed \(seed)")
                #expect(content <= bytes.count, "seed \(seed)")
            }
        }
    }

    /// Random bytes, or a payload that was one before a byte of it changed.
    private func payload(using generator: inout SplitMix64) -> [UInt8] {
        guard Bool.random(using: &generator), let format = PacketFormat.allCases.randomElement(using: &generator) else {
            return self.bytes(upTo: 24, using: &generator)
        }
        let parts = (0..<Int.random(in: 1...4, using: &generator)).map { _ -> PacketFormat.Part in
            let content = self.bytes(upTo: 12, using: &generator)
            return Bool.random(using: &generator) ? .text(Array("4".utf8) + content) : .binary(content)
        }
        var payload = format.payload(parts).bytes
        payload[Int.random(in: payload.indices, using: &generator)] = .random(in: .min ... .max, using: &generator)
        return payload
    }

    @Test func queriesAndRequestsNeverTrap() {
        var generator = SplitMix64(seed: Fuzz.seed("query"))
        let parts = [
            "EIO", "transport", "sid", "=", "&", "4", "3", "polling", "websocket", "__proto__", "constructor", "%",
            "%zz",
            "%E2%82", "+", "AAAAAAAAAAAAAAAAAAAAAA", "😀", "b64", "1", ";", "#", "?",
        ]
        for _ in 0..<Fuzz.iterations(10_000) {
            let text = (0..<Int.random(in: 0...14, using: &generator)).map { _ in
                parts.randomElement(using: &generator) ?? ""
            }
            let query = QueryString.parse(text.joined())
            _ = try? EndpointRequest(
                method: ["GET", "POST", "OPTIONS", ""].randomElement(using: &generator) ?? "", query: query,
                isWebSocket: .random(using: &generator), allowsVersion3: .random(using: &generator))
            _ = Identifier(text.joined())
        }
    }
}
