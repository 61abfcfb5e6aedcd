import SeededRandom
import SocketIO
import Testing

@Suite("Recovery log under random bytes")
struct RecoveryFuzzTests {
    /// Whoever can write the store can also write the sum behind it.
    @Test func bytesWithARightSumAndWrongContentNeverTrap() {
        let seed = Fuzz.seed("recovery bytes")
        var generator = SplitMix64(seed: seed)
        let bytes = RecoveryBytesTests.filled().log.encoded()
        for _ in 0..<Fuzz.iterations(5_000) {
            var content = Array(bytes.dropLast(8))
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: 18..<content.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: content[index] = UInt8.random(in: .min ... .max, using: &generator)
                case 1: content.insert(contentsOf: [0xFF, 0xFF, 0xFF, 0xFF, 0x7F], at: index)
                case 2: content.removeSubrange(index..<min(index + 3, content.count))
                default: content[index] = 0xFF
                }
                if content.count < 20 { content += [0, 0, 0] }
            }
            guard var log = try? RecoveryBytesTests.decode(RecoveryBytesTests.summed(content)) else { continue }
            let text = RecoveryLogTests.record(1, in: &log)
            for client in [RecoveryLogTests.Client(5), RecoveryLogTests.Client(6)] {
                for claim in [try? client.claim(), try? client.claim(try? RecoveryLogTests.offset(of: text))] {
                    guard let claim else { continue }
                    _ = log.restore(claim, namespace: "/n", now: RecoveryLogTests.start)
                }
            }
            #expect((try? RecoveryBytesTests.decode(log.encoded())) != nil, "seed \(seed)")
        }
    }
}
