import EngineIO
import SeededRandom
import Testing

@Suite("Engine.IO payloads")
struct PayloadTests {
    struct Case: CustomTestStringConvertible {
        let bytes: [UInt8]
        let framing: PayloadReader.Framing
        let expected: Result<[Packet], PacketError>
        var testDescription: String { "\(self.framing): \(String(decoding: self.bytes, as: UTF8.self))" }

        init(_ text: String, _ packets: [Packet]) {
            self.init(Array(text.utf8), .counted, .success(packets))
        }

        init(_ text: String, _ error: PacketError) {
            self.init(Array(text.utf8), .counted, .failure(error))
        }

        init(_ bytes: [UInt8], _ framing: PayloadReader.Framing, _ expected: Result<[Packet], PacketError>) {
            self.bytes = bytes
            self.framing = framing
            self.expected = expected
        }
    }

    private static func text(_ text: String) -> Packet { .message(.text(Array(text.utf8)[...])) }

    static func read(_ bytes: [UInt8], _ framing: PayloadReader.Framing) throws(PacketError) -> [Packet] {
        // From the middle of a larger array: positions must not be taken for offsets.
        let padded = [0x39] + bytes + [0x39]
        var reader = PayloadReader(padded.dropFirst().dropLast(), framing: framing)
        var packets: [Packet] = []
        while let packet = try reader.next() { packets.append(packet) }
        return packets
    }

    @Test(arguments: [
        Case("6:4hello", [text("hello")]),
        Case("6:4test16:4test26:4test3", [text("test1"), text("test2"), text("test3")]),
        Case("6:4hello10:b4AQIDBA==", [text("hello"), .message(.binary([1, 2, 3, 4]))]),
        Case("2:4€", [text("€")]),
        Case("3:4😀3:4😀2:4é", [text("😀"), text("😀"), text("é")]),
        Case("1:2", [.ping([])]), Case("6:2probe", [.ping(Packet.probe)]), Case("1:1", [.close]),
        Case("1:5", [.upgrade]), Case("1:6", [.noop]), Case("0:", []), Case("0:1:6", [.noop]),
        Case("0000000001:6", [.noop]), Case("2:2x", [.ping([0x78])]),
        Case("", .empty), Case("abc", .invalidLength), Case("6", .invalidLength), Case(":4", .invalidLength),
        Case("6:4hell", .invalidLength), Case("1:6x", .invalidLength), Case("1:66", .invalidLength),
        Case("2:4😀", .invalidLength), Case("00000000001:6", .invalidLength), Case("-1:6", .invalidLength),
        Case("99999999999999999999:4", .invalidLength), Case("9999999999:4", .invalidLength),
        Case("1:0", .unknownType(0x30)), Case("1:9", .unknownType(0x39)), Case("2:15", .unexpectedBody(type: 0x31)),
        Case("1:b", .empty), Case("2:b1", .unknownType(0x31)), Case("3:b4!", .invalidBase64),
        Case("127:2" + String(repeating: "x", count: 126), .unexpectedBody(type: 0x32)),
    ])
    func countedPacketsAreRead(_ example: Case) {
        #expect(Result { () throws(PacketError) in try Self.read(example.bytes, .counted) } == example.expected)
    }

    @Test(arguments: [
        Case(
            [0, 4, 255, 0x34, 0xE2, 0x82, 0xAC, 1, 4, 255, 4, 1, 2, 3], .binary,
            .success([text("€"), .message(.binary([1, 2, 3]))])),
        Case([0, 1, 0, 255] + Array("4123456789".utf8), .binary, .success([text("123456789")])),
        Case([1, 1, 255, 4], .binary, .success([.message(.binary([]))])),
        Case([0, 0, 1, 255, 0x36], .binary, .success([.noop])),
        Case([], .binary, .failure(.empty)), Case([2, 1, 255, 4], .binary, .failure(.unknownType(2))),
        Case([0], .binary, .failure(.invalidLength)), Case([0, 255], .binary, .failure(.invalidLength)),
        Case([0, 1], .binary, .failure(.invalidLength)), Case([0, 1, 255], .binary, .failure(.invalidLength)),
        Case([0, 10, 255, 0x36], .binary, .failure(.invalidLength)),
        Case([0, 0, 255], .binary, .failure(.empty)), Case([1, 0, 255], .binary, .failure(.empty)),
        Case([1, 1, 255, 2], .binary, .failure(.unknownType(2))),
        Case([0] + [UInt8](repeating: 9, count: 10) + [255, 0x36], .binary, .failure(.invalidLength)),
        Case([0] + [UInt8](repeating: 9, count: 400), .binary, .failure(.invalidLength)),
    ])
    func binaryPacketsAreRead(_ example: Case) {
        #expect(Result { () throws(PacketError) in try Self.read(example.bytes, .binary) } == example.expected)
    }

    @Test func separatedPacketsAreRead() throws {
        let read = try Self.read(Array("4a\u{1E}bAQI=\u{1E}6".utf8), .separated)
        #expect(read == [Self.text("a"), .message(.binary([1, 2])), .noop])
        for text in ["", "6\u{1E}", "\u{1E}6"] {
            #expect(throws: PacketError.empty) { try Self.read(Array(text.utf8), .separated) }
        }
    }

    @Test(arguments: [
        ("4:4hey", PacketFormat.v3, [PacketFormat.Part.text(Array("4hey".utf8))]),
        ("2:4€", .v3, [.text(Array("4€".utf8))]),
        ("3:4😀1:2", .v3, [.text(Array("4😀".utf8)), .text(Array("2".utf8))]),
        ("2:4€10:b4AQIDBA==", .v3Base64, [.text(Array("4€".utf8)), .binary([1, 2, 3, 4])]),
        ("4a\u{1E}bAQIDBA==\u{1E}2", .v4, [.text(Array("4a".utf8)), .binary([1, 2, 3, 4]), .text(Array("2".utf8))]),
        ("", .v4, []), ("", .v3, []),
    ])
    func payloadsAreWritten(_ expected: String, _ format: PacketFormat, _ parts: [PacketFormat.Part]) {
        let payload = format.payload(parts)
        #expect(String(decoding: payload.bytes, as: UTF8.self) == expected)
        #expect(!payload.isBinary)
    }

    @Test func payloadWithBinaryIsBinaryInVersionThree() {
        let payload = PacketFormat.v3.payload([.text(Array("4hello".utf8)), .binary([1, 2, 3, 4])])
        #expect(payload.bytes == [0, 6, 255, 52, 104, 101, 108, 108, 111, 1, 5, 255, 4, 1, 2, 3, 4])
        #expect(payload.isBinary)
        let long = PacketFormat.v3.payload([.binary([UInt8](repeating: 7, count: 1_233))])
        #expect(long.bytes.prefix(7) == [1, 1, 2, 3, 4, 255, 4])
    }

    @Test func binaryMessagesHaveAFrameInEveryFormat() {
        #expect(PacketFormat.v4.frame(binary: [1, 2]) == .binary([1, 2]))
        #expect(PacketFormat.v3.frame(binary: [1, 2]) == .binary([4, 1, 2]))
        #expect(PacketFormat.v3Base64.frame(binary: [1, 2]) == .text(Array("b4AQI=".utf8)[...]))
        #expect(PacketFormat(version: .v4, supportsBinary: false) == .v4)
        #expect(PacketFormat(version: .v3) == .v3)
        #expect(PacketFormat(version: .v3, supportsBinary: false) == .v3Base64)
    }

    @Test func whatIsWrittenIsRead() throws {
        let seed = Fuzz.seed("payload")
        var generator = SplitMix64(seed: seed)
        for _ in 0..<Fuzz.iterations(500) {
            var packets: [Packet] = []
            var parts: [PacketFormat.Part] = []
            for _ in 0..<Int.random(in: 1...5, using: &generator) {
                if Bool.random(using: &generator) {
                    let bytes = (0..<Int.random(in: 0...30, using: &generator)).map { UInt8($0) }
                    packets.append(.message(.binary(bytes[...])))
                    parts.append(.binary(bytes))
                } else {
                    let text = String((0..<8).map { _ in "aé€😀".randomElement(using: &generator) ?? "x" })
                    packets.append(Self.text(text))
                    parts.append(.text(Array("4\(text)".utf8)))
                }
            }
            for format in PacketFormat.allCases {
                let payload = format.payload(parts)
                let framing: PayloadReader.Framing =
                    format == .v4 ? .separated : payload.isBinary ? .binary : .counted
                #expect(try Self.read(payload.bytes, framing) == packets, "seed \(seed)")
            }
        }
    }

    /// Anything but linear time would take hours.
    @Test(arguments: [
        (PayloadReader.Framing.counted, "1:6"), (.counted, "0:"), (.counted, "1:4"), (.separated, "6\u{1E}"),
        (.counted, "3:4😀"), (.separated, "4\u{1E}"),
    ])
    func floodsOfTinyPacketsTakeLinearTime(_ framing: PayloadReader.Framing, _ packet: String) throws {
        let count = 1_000_000 / packet.utf8.count
        var payload = Array(String(repeating: packet, count: count).utf8)
        if framing == .separated { payload.removeLast() }
        var reader = PayloadReader(payload[...], framing: framing)
        var packets = 0
        while try reader.next() != nil { packets += 1 }
        #expect(packets == (packet == "0:" ? 0 : count))
    }

    @Test func floodsOfTinyBinaryPacketsTakeLinearTime() throws {
        let payload = [UInt8]([[UInt8]](repeating: [0, 1, 255, 0x36], count: 250_000).joined())
        #expect(try Self.read(payload, .binary).count == 250_000)
        let unended = [UInt8]([[UInt8]](repeating: [0, 9, 9, 9, 9, 9, 9, 9], count: 125_000).joined())
        #expect(throws: PacketError.invalidLength) { try Self.read(unended, .binary) }
    }
}
