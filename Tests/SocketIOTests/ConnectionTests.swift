import EngineIO
import SeededRandom
import SocketIO
import Testing

@Suite("Socket.IO connections")
struct ConnectionTests {
    private static let start = ContinuousClock.now

    private let socket: SocketID
    private let other: SocketID

    init() {
        var generator = SplitMix64(seed: 3)
        self.socket = SocketID(shard: 0, using: &generator)
        self.other = SocketID(shard: 0, using: &generator)
    }

    private func connection() -> Connection {
        Connection(
            namespaces: ["/", "/a"], limits: PacketLimits(namespaces: 2), connectTimeout: .seconds(45), now: Self.start)
    }

    private func joined() -> Connection {
        var connection = self.connection()
        _ = connection.received(Self.text("0"))
        _ = connection.accept(namespace: "/", as: self.socket)
        return connection
    }

    private static func text(_ text: String) -> Message { .text(Array(text.utf8)[...]) }

    private static func sent(_ actions: [ConnectionAction]) -> [String] {
        actions.compactMap { action in
            switch action {
            case .send(let packet), .refused(_, let packet): String(decoding: packet.text, as: UTF8.self)
            default: nil
            }
        }
    }

    @Test func attachmentsHaveTheirTime() {
        var connection = self.joined()
        let packet = Self.text(#"52-["x",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#)
        let deadline = Self.start + .seconds(61)
        #expect(connection.received(packet, now: Self.start + .seconds(1)) == nil)
        #expect(connection.deadline == deadline)
        // The time is that of all of them: each further one does not begin it anew.
        #expect(connection.received(.binary([1]), now: Self.start + .seconds(60)) == nil)
        #expect(connection.tick(now: deadline - .milliseconds(1)) == [])
        var late = connection
        #expect(late.tick(now: deadline) == [.close(.malformedPacket)])
        #expect(late.tick(now: deadline) == [])
        #expect(connection.received(.binary([2]), now: deadline) != nil)
        #expect(connection.deadline == nil)
        #expect(connection.tick(now: deadline + .seconds(99)) == [])
    }

    @Test func clientIsToldBeforeTheApplicationIs() {
        var connection = self.connection()
        #expect(
            connection.received(Self.text(#"0{"t":1}"#)) == .authorise(namespace: "/", auth: ["t": 1]))
        let actions = connection.accept(namespace: "/", as: self.socket)
        #expect(Self.sent(actions) == [#"0{"sid":"\#(self.socket)"}"#])
        #expect(actions.last == .connected(namespace: "/", self.socket))
    }

    @Test func refusalCarriesMessageAndData() {
        var connection = self.connection()
        _ = connection.received(Self.text("0/a,"))
        let actions = connection.refuse(namespace: "/a", message: "no", data: ["code": 7])
        #expect(Self.sent(actions) == [#"4/a,{"data":{"code":7},"message":"no"}"#])
        #expect(connection.received(Self.text("0/a,")) == .authorise(namespace: "/a", auth: nil))
    }

    @Test func clientThatMayComeBackIsToldHow() {
        var connection = self.connection()
        _ = connection.received(Self.text("0"))
        var generator = SplitMix64(seed: 9)
        let privateID = PrivateID(using: &generator)
        let actions = connection.accept(namespace: "/", as: self.socket, privateID: privateID)
        #expect(Self.sent(actions) == [#"0{"pid":"\#(privateID.text)","sid":"\#(self.socket)"}"#])
    }

    @Test func clientThatComesBackIsWhoItWasAndGetsWhatItMissed() throws {
        var generator = SplitMix64(seed: 9)
        let privateID = PrivateID(using: &generator)
        var log = RecoveryLog(limits: RecoveryLimits(), using: &generator)
        let now = Duration.seconds(1)
        log.keep(
            RecoverableSession(
                privateID: privateID, socket: self.socket, namespace: "/", rooms: [], joinedAt: 0, leftAt: now),
            now: now)
        let missed = log.record(.event("e", .none, namespace: "/"), namespace: "/", to: Audience(.everyone), now: now)

        var connection = self.connection()
        #expect(
            connection.received(Self.text(#"0{"pid":"\#(privateID.text)"}"#))
                == .authorise(namespace: "/", auth: ["pid": .string(privateID.text)]))
        let claim = try #require(RecoveryClaim(auth: ["pid": .string(privateID.text)]))
        let found = log.restore(claim, namespace: "/", now: now)
        let restored = try #require(found)
        let actions = connection.accept(restored)
        #expect(
            Self.sent(actions) == [
                #"0{"pid":"\#(privateID.text)","sid":"\#(self.socket)"}"#, String(decoding: missed.text, as: UTF8.self),
            ])
        #expect(actions.last == .connected(namespace: "/", self.socket))
        #expect(connection.accept(restored) == [])
    }

    @Test func whoWasLostMayComeBackAndWhoWasSentAwayMayNot() {
        let recoverable = DisconnectReason.allCases.filter(\.isRecoverable)
        #expect(
            recoverable == [.serverShuttingDown, .transportClose, .transportError, .pingTimeout, .slowClient])
    }

    @Test func unknownNamespaceIsRefusedAndTheConnectionGoesOn() {
        var connection = self.joined()
        let actions = connection.received(Self.text("0/zzz,"))
        #expect(Self.sent(actions.map { [$0] } ?? []) == [#"4/zzz,{"message":"Invalid namespace"}"#])
        #expect(connection.received(Self.text(#"2["x"]"#)) != nil)
    }

    @Test func eventsReachTheirSocket() {
        var connection = self.joined()
        #expect(
            connection.received(Self.text(#"25["say",1]"#))
                == .event(namespace: "/", self.socket, name: "say", arguments: [1], id: 5))
    }

    @Test(arguments: [#"2["x"]"#, "1", "30[]", #"2/a,["x"]"#])
    func packetForANamespaceNeverJoinedEndsTheConnection(_ text: String) {
        var connection = self.connection()
        #expect(connection.received(Self.text(text)) == .close(.malformedPacket))
    }

    @Test(arguments: ["0", "x", "2[", #"2["connect"]"#])
    func brokenRulesEndTheConnection(_ text: String) {
        var connection = self.joined()
        #expect(connection.received(Self.text(text)) == .close(.malformedPacket))
    }

    @Test(
        arguments: [
            [0x32, 0x5B, 0x22, 0xFF, 0x22, 0x5D], [0x30, 0x2F, 0xC3, 0x2C], [0xFF],
            [0x32, 0x5B, 0x22, 0x61, 0x22, 0xFF],
        ] as [[UInt8]])
    func textThatIsNotUTF8EndsTheConnectionWithItsOwnReason(_ bytes: [UInt8]) {
        var connection = self.joined()
        #expect(connection.received(.text(bytes[...])) == .close(.invalidText))
    }

    @Test func nothingBehindABrokenPacketIsHeard() {
        var connection = self.joined()
        _ = connection.received(Self.text("0/a,"))
        #expect(connection.received(Self.text("x")) == .close(.malformedPacket))
        #expect(connection.received(Self.text(#"2["late"]"#)) == nil)
        #expect(connection.received(Self.text("x")) == nil)
        #expect(connection.accept(namespace: "/a", as: self.other) == [])
        #expect(
            connection.closed(.malformedPacket) == [.disconnected(namespace: "/", self.socket, .parseError)])
        var silent = self.connection()
        #expect(silent.tick(now: Self.start + .seconds(45)) == [.close(.connectTimeout)])
        #expect(silent.tick(now: Self.start + .seconds(46)) == [])
        #expect(silent.deadline == nil)
    }

    @Test func everyEndOfASessionIsSomeReasonToItsSockets() {
        for reason in CloseReason.allCases {
            var connection = self.joined()
            #expect(
                connection.closed(reason)
                    == [.disconnected(namespace: "/", self.socket, DisconnectReason(reason))])
        }
    }

    @Test func clientLeavesOneNamespaceAndKeepsTheOther() {
        var connection = self.joined()
        _ = connection.received(Self.text("0/a,"))
        _ = connection.accept(namespace: "/a", as: self.other)
        #expect(
            connection.received(Self.text("1"))
                == .disconnected(namespace: "/", self.socket, .clientNamespaceDisconnect))
        #expect(connection.received(Self.text(#"2/a,["x"]"#)) != nil)
        #expect(connection.received(Self.text("0")) == .authorise(namespace: "/", auth: nil))
    }

    @Test func serverPutsASocketOutAndForgivesWhatWasOnItsWay() {
        var connection = self.joined()
        let actions = connection.disconnect(namespace: "/")
        #expect(Self.sent(actions) == ["1"])
        #expect(actions.last == .disconnected(namespace: "/", self.socket, .serverNamespaceDisconnect))
        #expect(connection.received(Self.text(#"2["late"]"#)) == nil)
        #expect(connection.disconnect(namespace: "/") == [])
        #expect(connection.received(Self.text("0")) == .authorise(namespace: "/", auth: nil))
    }

    @Test func namespaceThatWasLeftTakesNoPlace() {
        var connection = self.joined()
        _ = connection.received(Self.text("0/a,"))
        _ = connection.accept(namespace: "/a", as: self.other)
        _ = connection.disconnect(namespace: "/a")
        // Two are allowed, and this is the second again.
        #expect(connection.received(Self.text("0/a,")) == .authorise(namespace: "/a", auth: nil))
        #expect(connection.sockets.map(\.namespace) == ["/"])
    }

    @Test func endFromThisSideIsToldInEveryNamespace() {
        var connection = self.joined()
        _ = connection.received(Self.text("0/a,"))
        _ = connection.accept(namespace: "/a", as: self.other)
        let actions = connection.disconnectAll()
        #expect(Self.sent(actions).sorted() == ["1", "1/a,"])
        #expect(actions.contains(.disconnected(namespace: "/", self.socket, .serverDisconnect)))
        #expect(connection.closed(.serverClose) == [])
    }

    @Test func answersAreMatchedOnce() throws {
        var connection = self.joined()
        let asked = connection.ask("q", EventPayload(1), namespace: "/", deadline: Self.start + .seconds(5))
        let question = try #require(asked)
        #expect(Self.sent(question.actions) == [#"20["q",1]"#])
        #expect(
            connection.received(Self.text(#"30["yes"]"#)) == .acknowledged(self.socket, id: 0, arguments: ["yes"]))
        #expect(connection.received(Self.text(#"30["yes"]"#)) == nil)
        #expect(connection.received(Self.text("399[]")) == nil)
    }

    @Test func answersAreWaitedForUntilTheirDeadline() {
        var connection = self.joined()
        _ = connection.ask("a", .none, namespace: "/", deadline: Self.start + .seconds(5))
        _ = connection.ask("b", .none, namespace: "/", deadline: Self.start + .seconds(9))
        #expect(connection.deadline == Self.start + .seconds(5))
        #expect(connection.tick(now: Self.start + .seconds(4)) == [])
        #expect(connection.tick(now: Self.start + .seconds(5)) == [.acknowledgementTimedOut(self.socket, id: 0)])
        #expect(connection.deadline == Self.start + .seconds(9))
        let unasked = connection.ask("c", .none, namespace: "/a", deadline: Self.start)
        #expect(unasked?.id == nil)
    }

    @Test func clientThatJoinsNothingIsClosed() {
        var connection = self.connection()
        #expect(connection.deadline == Self.start + .seconds(45))
        #expect(connection.tick(now: Self.start + .seconds(44)) == [])
        #expect(connection.tick(now: Self.start + .seconds(45)) == [.close(.connectTimeout)])
        var joined = self.joined()
        #expect(joined.deadline == nil)
        #expect(joined.tick(now: Self.start + .seconds(45)) == [])
    }

    @Test func endOfTheSessionIsTheEndOfItsSockets() {
        var connection = self.joined()
        #expect(connection.closed(.pingTimeout) == [.disconnected(namespace: "/", self.socket, .pingTimeout)])
        #expect(connection.closed(.pingTimeout) == [])
        #expect(connection.received(Self.text(#"2["x"]"#)) == nil)
    }
}
