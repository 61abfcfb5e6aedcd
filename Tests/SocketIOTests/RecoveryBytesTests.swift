import SeededRandom
import SocketIO
import Testing

@Suite("Recovery log on disk")
struct RecoveryBytesTests {
    private typealias Log = RecoveryLogTests
    private static let start = RecoveryLogTests.start

    static func decode(_ bytes: [UInt8], seed: UInt64 = 2, now: Duration = Self.start) throws(RecoveryError)
        -> RecoveryLog
    {
        var generator = SplitMix64(seed: seed)
        return try RecoveryLog(decoding: bytes, limits: RecoveryLogTests.limits, now: now, using: &generator)
    }

    static func filled() -> (log: RecoveryLog, offset: String) {
        var log = Log.log()
        let client = Log.Client(5, rooms: ["a", "é"])
        let audiences = [
            Audience(.everyone), Audience(.rooms(["a", "b"]), except: [client.socket], exceptRooms: ["c"]),
            Audience(.socket(client.socket)),
        ]
        var offset = ""
        for (number, audience) in audiences.enumerated() {
            let text = Log.record(number, in: &log, to: audience)
            if number == 0 { offset = text.split(separator: "\"").dropLast().last?.description ?? "" }
        }
        let binary = EncodedPacket.event("e", EventPayload(.binary([1, 2, 3])), namespace: "/n")
        _ = log.record(binary, namespace: "/n", to: Audience(.everyone), now: Self.start)
        log.keep(client.session(leftAt: Self.start), now: Self.start)
        log.keep(Log.Client(6).session(leftAt: Self.start, namespace: "/m"), now: Self.start)
        return (log, offset)
    }

    @Test func clientComesBackToTheNextProcess() throws {
        let (before, offset) = Self.filled()
        var log = try Self.decode(before.encoded())
        #expect(log.position == 4)
        #expect(log.sessionCount == 2)
        let text = Log.record(9, in: &log, at: 5)
        let client = Log.Client(5, rooms: ["a", "é"])
        let restored = log.restore(try client.claim(offset), namespace: "/n", now: Log.after(6))
        #expect(restored?.session == client.session(leftAt: Self.start))
        #expect(restored?.missed.count == 3)
        #expect(restored?.missed.last.map(Log.text) == text)
        #expect(restored?.missed.dropLast().last?.attachments == [[1, 2, 3]])
        // The second process counts on, under a name of its own.
        #expect(try Log.offset(of: text).hasSuffix("-5"))
        #expect(try Log.offset(of: text).split(separator: "-")[0] != offset.split(separator: "-")[0])
    }

    @Test func offsetsOfSeveralProcessesAreToldApart() throws {
        var log = Log.log()
        var offsets: [String] = []
        for life in 1...12 {
            offsets.append(try Log.offset(of: Log.record(life, in: &log)))
            log = try Self.decode(log.encoded(), seed: UInt64(100 + life))
        }
        #expect(Set(offsets.map { $0.split(separator: "-")[0] }).count == 12)
        for (index, offset) in offsets.enumerated() {
            var copy = log
            let client = Log.Client(7)
            copy.keep(client.session(leftAt: Self.start), now: Self.start)
            let restored = copy.restore(try client.claim(offset), namespace: "/n", now: Self.start)
            // Only so many lives are remembered.
            #expect(Log.numbers(restored) == (index < 4 ? nil : Array((index + 2)..<13)))
        }
        let mixed = offsets[11].split(separator: "-")[0] + "-11"
        let client = Log.Client(7)
        log.keep(client.session(leftAt: Self.start), now: Self.start)
        #expect(log.restore(try client.claim(String(mixed)), namespace: "/n", now: Self.start) == nil)
    }

    @Test func whatExpiredMeanwhileIsGone() throws {
        let bytes = Self.filled().log.encoded()
        let later = try Self.decode(bytes, now: Log.after(130))
        #expect(later.sessionCount == 0)
        #expect(later.eventCount == 4)
        #expect(try Self.decode(bytes, now: Log.after(1_000)).eventCount == 0)
    }

    @Test func clockThatWentBackMakesNothingImmortal() throws {
        let bytes = Self.filled().log.encoded()
        var log = try Self.decode(bytes, now: Self.start - .seconds(1_000_000))
        log.expire(now: Self.start - .seconds(999_800))
        #expect(log.sessionCount == 0)
        #expect(log.eventCount == 0)
    }

    @Test func emptyLogComesBack() throws {
        var log = try Self.decode(Log.log().encoded())
        #expect(log.position == 0)
        #expect(Log.record(1, in: &log).contains("-1\""))
    }

    @Test func everyCutAndEveryFlippedBitIsNoticed() throws {
        let bytes = Self.filled().log.encoded()
        for count in bytes.indices {
            #expect(throws: RecoveryError.self) { try Self.decode(Array(bytes.prefix(count))) }
        }
        for index in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[index] ^= 1 << bit
                #expect(throws: RecoveryError.self) { try Self.decode(damaged) }
            }
        }
        #expect(throws: RecoveryError.damaged) { try Self.decode(bytes + [0]) }
    }

    @Test func otherFormatIsNamed() {
        var bytes = Log.log().encoded()
        bytes[17] = UInt8(ascii: "2")
        #expect(throws: RecoveryError.unknownFormat) { try Self.decode(bytes) }
        #expect(throws: RecoveryError.damaged) { try Self.decode([]) }
        for error in [RecoveryError.unknownFormat, .damaged] { #expect(error.description.contains("start afresh")) }
    }

    @Test(
        arguments: [
            [UInt8](repeating: 0x80, count: 12), [UInt8](repeating: 0xFF, count: 12), [0, 0, 0, 0, 0],
            [0, 1, 0, 0, 0, 0],
            [1, 1, 9, 1, 0, 0, 0], [2, 1, 2, 1, 2, 9, 0, 0, 0],
            [0, 1, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0],
            [0, 1, 0, 1, 0, 1, 0x2F, 3, 0, 0, 0, 0, 0], [0, 1, 0, 1, 0, 1, 0xFF, 0, 0, 0, 0, 0, 0],
            [0, 1, 0, 1, 0, 1, 0x2F, 2, 1, 0x41, 0, 0, 0, 0, 0], [0, 1, 0, 0, 1, 1, 0x41, 0, 0, 0, 0, 0],
        ] as [[UInt8]])
    func nonsenseWithARightSumIsNoticed(_ content: [UInt8]) {
        let bytes = Self.summed(Array("corpusd recovery 1".utf8) + content)
        #expect(throws: RecoveryError.damaged) { try Self.decode(bytes) }
    }

    /// Content with the sum that belongs behind it.
    static func summed(_ bytes: [UInt8]) -> [UInt8] {
        let sum = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        return bytes + (0..<8).map { UInt8(truncatingIfNeeded: sum >> UInt64($0 * 8)) }
    }
}
