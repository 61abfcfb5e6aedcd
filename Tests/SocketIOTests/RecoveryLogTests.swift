import SeededRandom
import SocketIO
import Testing

@Suite("Recovery log")
struct RecoveryLogTests {
    /// Some day; the log never asks what time it is.
    static let start = Duration.seconds(1_795_000_000)
    static let limits = RecoveryLimits(
        maxDisconnection: .seconds(120), unnoticedLoss: .seconds(45), maxEvents: 100, maxBytes: 1_000_000,
        maxSessions: 3, maxMissedEvents: 50, maxMissedBytes: 10_000)

    struct Client {
        let privateID: PrivateID
        let socket: SocketID
        var rooms: Set<String> = []

        init(_ seed: UInt64, rooms: Set<String> = []) {
            var generator = SplitMix64(seed: seed)
            self.privateID = PrivateID(using: &generator)
            self.socket = SocketID(shard: 0, using: &generator)
            self.rooms = rooms
        }

        func session(joinedAt: Int = 0, leftAt: Duration, namespace: String = "/n") -> RecoverableSession {
            RecoverableSession(
                privateID: self.privateID, socket: self.socket, namespace: namespace, rooms: self.rooms,
                joinedAt: joinedAt, leftAt: leftAt)
        }

        func claim(_ offset: String? = nil) throws -> RecoveryClaim {
            var auth: [String: JSONValue] = ["pid": .string(self.privateID.text), "token": "x"]
            auth["offset"] = offset.map { .string($0) }
            return try #require(RecoveryClaim(auth: .object(auth)))
        }
    }

    static func log(_ limits: RecoveryLimits = Self.limits, seed: UInt64 = 1) -> RecoveryLog {
        var generator = SplitMix64(seed: seed)
        return RecoveryLog(limits: limits, using: &generator)
    }

    static func after(_ seconds: Double) -> Duration { Self.start + .seconds(seconds) }

    /// Records an event whose argument is its number.
    static func record(
        _ number: Int,
        in log: inout RecoveryLog,
        to audience: Audience = Audience(.everyone),
        namespace: String = "/n",
        at seconds: Double = 0
    ) -> String {
        let packet = EncodedPacket.event("e", EventPayload(.int(number)), namespace: namespace)
        return Self.text(log.record(packet, namespace: namespace, to: audience, now: Self.after(seconds)))
    }

    static func text(_ packet: EncodedPacket) -> String { String(decoding: packet.text, as: UTF8.self) }

    /// The offset of an event's text.
    static func offset(of text: String) throws -> String {
        try #require(text.split(separator: "\"").dropLast().last).description
    }

    /// The numbers of the events that were missed.
    static func numbers(_ restored: RestoredSession?) -> [Int]? {
        restored?.missed.map { packet in
            Int(Self.text(packet).drop { $0 != "," }.dropFirst().drop { $0 != "," }.dropFirst().prefix { $0 != "," })
                ?? -1
        }
    }

    @Test func eventCarriesItsOffsetAsLastArgument() throws {
        var log = Self.log()
        let text = Self.record(7, in: &log)
        let offset = try Self.offset(of: text)
        #expect(text == #"2/n,["e",7,"\#(offset)"]"#)
        #expect(offset.hasSuffix("-1"))
        #expect(RecoveryOffset(offset)?.description == offset)
        let bare = log.record(
            .event("e", .none, namespace: "/"), namespace: "/", to: Audience(.everyone), now: Self.start)
        let second = offset.dropLast() + "2"
        #expect(Self.text(bare) == #"2["e","\#(second)"]"#)
        let binary = EncodedPacket.event("e", EventPayload(.binary([1])), namespace: "/")
        let logged = log.record(binary, namespace: "/", to: Audience(.everyone), now: Self.start)
        #expect(Self.text(logged).hasPrefix(#"51-["e",{"_placeholder":true,"num":0},""#))
        #expect(logged.attachments == [[1]])
        #expect(log.position == 3)
    }

    @Test func clientGetsWhatItMissedInOrderAndOnce() throws {
        var log = Self.log()
        let client = Client(5)
        let first = try Self.offset(of: Self.record(1, in: &log))
        _ = Self.record(2, in: &log)
        log.keep(client.session(leftAt: Self.after(1)), now: Self.after(1))
        _ = Self.record(3, in: &log, at: 2)

        let restored = log.restore(try client.claim(first), namespace: "/n", now: Self.after(3))
        #expect(Self.numbers(restored) == [2, 3])
        #expect(restored?.session == client.session(leftAt: Self.after(1)))
        #expect(restored?.position == 3)
        #expect(log.restore(try client.claim(first), namespace: "/n", now: Self.after(3)) == nil)
        #expect(log.sessionCount == 0)
    }

    @Test func clientGetsOnlyWhatWasForIt() throws {
        var log = Self.log()
        let client = Client(5, rooms: ["a", "b"])
        let other = Client(6).socket
        log.keep(client.session(leftAt: Self.start), now: Self.start)
        let audiences: [(Audience, Bool)] = [
            (Audience(.everyone), true), (Audience(.rooms(["a"])), true), (Audience(.rooms(["c", "b"])), true),
            (Audience(.rooms(["c"])), false), (Audience(.rooms([])), false), (Audience(.socket(client.socket)), true),
            (Audience(.socket(other)), false), (Audience(.everyone, except: [client.socket]), false),
            (Audience(.everyone, except: [other]), true), (Audience(.everyone, exceptRooms: ["b"]), false),
            (Audience(.rooms(["a"]), exceptRooms: ["c"]), true),
        ]
        for (number, audience) in audiences.enumerated() { _ = Self.record(number, in: &log, to: audience.0) }
        _ = Self.record(99, in: &log, namespace: "/other")
        let restored = log.restore(try client.claim(), namespace: "/n", now: Self.start)
        #expect(Self.numbers(restored) == audiences.indices.filter { audiences[$0].1 })
    }

    @Test func sessionOfAnotherNamespaceIsLeftAlone() throws {
        var log = Self.log()
        let client = Client(5)
        log.keep(client.session(leftAt: Self.start), now: Self.start)
        #expect(log.restore(try client.claim(), namespace: "/other", now: Self.start) == nil)
        #expect(log.restore(try client.claim(), namespace: "/n", now: Self.start) != nil)
        #expect(log.restore(try Client(6).claim(), namespace: "/n", now: Self.start) == nil)
    }

    @Test func sessionComesBackUntilItsTimeIsOver() throws {
        let client = Client(5)
        for (seconds, isBack) in [(120.0, true), (120.001, false)] {
            var log = Self.log()
            log.keep(client.session(leftAt: Self.start), now: Self.start)
            let restored = log.restore(try client.claim(), namespace: "/n", now: Self.after(seconds))
            #expect((restored != nil) == isBack)
        }
        var log = Self.log()
        log.keep(client.session(leftAt: Self.start), now: Self.start)
        log.expire(now: Self.after(121))
        #expect(log.sessionCount == 0)
    }

    @Test func nobodyGetsWhatWasBeforeTheyJoined() throws {
        var log = Self.log()
        let client = Client(5)
        let first = try Self.offset(of: Self.record(1, in: &log))
        _ = Self.record(2, in: &log)
        log.keep(client.session(joinedAt: log.position, leftAt: Self.start), now: Self.start)
        _ = Self.record(3, in: &log)
        #expect(Self.numbers(log.restore(try client.claim(first), namespace: "/n", now: Self.start)) == [3])
    }

    @Test(arguments: ["0-1", "zzz-2", "1-1", "1-9999"])
    func offsetNeverGivenOutStartsAfresh(_ offset: String) throws {
        var log = Self.log()
        let client = Client(5)
        _ = Self.record(1, in: &log)
        log.keep(client.session(leftAt: Self.start), now: Self.start)
        #expect(log.restore(try client.claim(offset), namespace: "/n", now: Self.start) == nil)
    }

    @Test func offsetOfTheFutureStartsAfresh() throws {
        var log = Self.log()
        let client = Client(5)
        let offset = try Self.offset(of: Self.record(1, in: &log))
        log.keep(client.session(leftAt: Self.start), now: Self.start)
        #expect(log.restore(try client.claim(offset.dropLast() + "2"), namespace: "/n", now: Self.start) == nil)
    }

    @Test func silenceLosesNobodyTheirSession() throws {
        var log = Self.log()
        let client = Client(5)
        let offset = try Self.offset(of: Self.record(1, in: &log))
        log.expire(now: Self.after(1_000))
        #expect(log.eventCount == 0)
        log.keep(client.session(leftAt: Self.after(1_000)), now: Self.after(1_000))
        _ = Self.record(2, in: &log, at: 1_001)
        #expect(Self.numbers(log.restore(try client.claim(offset), namespace: "/n", now: Self.after(1_002))) == [2])
    }

    @Test func whatMayHaveBeenLostAndIsForgottenStartsAfresh() throws {
        for (lostAfter, isBack) in [(44.0, false), (46.0, true)] {
            var log = Self.log()
            let client = Client(5)
            let offset = try Self.offset(of: Self.record(1, in: &log))
            for number in 2...102 { _ = Self.record(number, in: &log, namespace: "/other") }
            #expect(log.eventCount == 100)
            log.keep(client.session(leftAt: Self.after(lostAfter)), now: Self.after(lostAfter))
            // Two events too many have left the log; whether they reached the client depends on when it was lost.
            let restored = log.restore(try client.claim(offset), namespace: "/n", now: Self.after(lostAfter))
            #expect((restored != nil) == isBack, "lost after \(lostAfter) s")
        }
    }

    @Test func clientThatMissedTooMuchStartsAfresh() throws {
        let client = Client(5)
        for (count, isBack) in [(50, true), (51, false)] {
            var log = Self.log()
            log.keep(client.session(leftAt: Self.start), now: Self.start)
            for number in 0..<count { _ = Self.record(number, in: &log) }
            #expect((log.restore(try client.claim(), namespace: "/n", now: Self.start) != nil) == isBack)
        }
        var log = Self.log()
        log.keep(client.session(leftAt: Self.start), now: Self.start)
        let large = EncodedPacket.event(
            "e", EventPayload(.binary([UInt8](repeating: 0, count: 10_000))), namespace: "/n")
        _ = log.record(large, namespace: "/n", to: Audience(.everyone), now: Self.start)
        #expect(log.restore(try client.claim(), namespace: "/n", now: Self.start) == nil)
    }

    @Test func logIsBoundedInCountBytesAndAge() {
        var log = Self.log()
        for number in 0..<1_000 { _ = Self.record(number, in: &log) }
        #expect(log.eventCount == 100)
        #expect(log.position == 1_000)
        _ = Self.record(0, in: &log, at: 165.001)
        #expect(log.eventCount == 1)

        var limits = Self.limits
        limits.maxBytes = 3_000
        var small = Self.log(limits)
        for number in 0..<100 { _ = Self.record(number, in: &small) }
        #expect((5...12).contains(small.eventCount))
        let huge = EncodedPacket.event("e", EventPayload(.binary([UInt8](repeating: 0, count: 4_000))), namespace: "/n")
        _ = small.record(huge, namespace: "/n", to: Audience(.everyone), now: Self.start)
        #expect(small.eventCount == 0)
        #expect(small.position == 101)
    }

    @Test func sessionsAreBoundedInCount() throws {
        var log = Self.log()
        let clients = (1...5).map { Client(UInt64($0)) }
        for (index, client) in clients.enumerated() {
            log.keep(client.session(leftAt: Self.after(Double(index))), now: Self.after(Double(index)))
        }
        #expect(log.sessionCount == 3)
        let isBack = try clients.map { log.restore(try $0.claim(), namespace: "/n", now: Self.after(5)) != nil }
        #expect(isBack == [false, false, true, true, true])
    }

    @Test func clientThatIsLostAgainAndAgainTakesOnePlace() throws {
        var log = Self.log()
        let client = Client(5)
        let other = Client(6)
        log.keep(other.session(leftAt: Self.start), now: Self.start)
        for second in 1..<1_000 {
            let time = Self.after(Double(second) / 100)
            log.keep(client.session(leftAt: time), now: time)
            if second % 2 == 0 { #expect(log.restore(try client.claim(), namespace: "/n", now: time) != nil) }
        }
        #expect(log.sessionCount == 2)
        #expect(log.restore(try other.claim(), namespace: "/n", now: Self.after(10)) != nil)
    }

    @Test(
        arguments: [
            nil, ["a": 1], ["pid": 1], ["pid": "short"], ["pid": "AAAAAAAAAAAAAAAAAAAAAA", "offset": 7],
            ["pid": "AAAAAAAAAAAAAAAAAAAAAA", "offset": "x"], ["pid": "AAAAAAAAAAAAAAAAAAAAAA", "offset": "1-01"],
            ["pid": "AAAAAAAAAAAAAAAAAAAAAA", "offset": "1-0"], ["pid": "AAAAAAAAAAAAAAAAAAAAAA", "offset": "1--1"],
            ["pid": "AAAAAAAAAAAAAAAAAAAAAA", "offset": "A-1"], ["pid": "AAAAAAAAAAAAAAAAAAAAAA", "offset": "-"],
            ["pid": "AAAAAAAAAAAAAAAAAAAAAA", "offset": "1-99999999999999999999"],
            ["pid": "AAAAAAAAAAAAAAAAAAAAAA", "offset": "1-1111111111111111111111111111111111111111111"],
            "AAAAAAAAAAAAAAAAAAAAAA",
        ] as [JSONValue?])
    func whatWasNeverToldIsNoClaim(_ auth: JSONValue?) {
        #expect(RecoveryClaim(auth: auth) == nil)
    }

    @Test func clientWithoutAnyEventHasAClaim() throws {
        #expect(RecoveryClaim(auth: ["pid": "AAAAAAAAAAAAAAAAAAAAAA"])?.offset == nil)
        #expect(RecoveryClaim(auth: ["pid": "AAAAAAAAAAAAAAAAAAAAAA", "offset": nil]) != nil)
    }
}
