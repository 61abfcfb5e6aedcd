import EngineIO
import Testing

@Suite("Engine.IO v3 sessions")
struct SessionV3Tests {
    typealias Text = SessionTests.Text

    private static let start = SessionTests.start
    private let poll = PollID(1)

    private func session(_ transport: Transport, _ limits: SessionLimits = SessionTests.limits) -> Session<Text> {
        Session(transport: transport, limits: limits, version: .v3, now: Self.start)
    }

    private func after(_ seconds: Double) -> ContinuousClock.Instant { Self.start + .seconds(seconds) }

    private static func frame(_ text: String) -> Message { .text(Array(text.utf8)[...]) }

    @Test func clientPingsAndHearsTheSameBack() {
        var session = self.session(.webSocket)
        #expect(session.deadline == self.after(45))
        #expect(session.webSocketReceived(Self.frame("2"), now: self.after(30)) == [.write([.pong([])])])
        #expect(session.deadline == self.after(75))
        #expect(
            session.webSocketReceived(Self.frame("2probe"), now: self.after(30)) == [.write([.pong(Packet.probe)])])
        #expect(OutgoingPacket<Text>.pong(Packet.probe).controlText == Array("3probe".utf8))
    }

    @Test func silentClientIsClosedAtTheDeadlineWithoutAPing() {
        var session = self.session(.webSocket)
        #expect(session.tick(now: self.after(25)) == [])
        _ = session.webSocketReceived(Self.frame("4hi"), now: self.after(40))
        #expect(session.tick(now: self.after(44.9)) == [])
        #expect(session.tick(now: self.after(45)) == [.closed(.pingTimeout)])
    }

    @Test func clientThatPongsBreaksTheRules() {
        var session = self.session(.webSocket)
        #expect(session.webSocketReceived(Self.frame("3"), now: Self.start) == [.closed(.malformedPacket)])
        var newer = Session<Text>(transport: .webSocket, limits: SessionTests.limits, now: Self.start)
        #expect(newer.webSocketReceived(Self.frame("2"), now: Self.start) == [.closed(.malformedPacket)])
    }

    @Test func pongsOfAPayloadAnswerTheWaitingPollTogether() {
        var session = self.session(.polling)
        _ = session.polled(self.poll, now: Self.start)
        #expect(
            session.posted(Array("1:22:2x".utf8), now: Self.start)
                == [
                    .count(packets: 2), .respond(self.poll, [.pong([]), .pong([0x78])]), .answerPost(isAccepted: true),
                ])
        #expect(
            session.posted(Array("1:2".utf8), now: Self.start) == [.count(packets: 1), .answerPost(isAccepted: true)])
        #expect(session.polled(PollID(2), now: Self.start) == [.respond(PollID(2), [.pong([])])])
    }

    @Test func floodOfPingsNobodyReadsTheAnswersToEndsTheSession() {
        var session = self.session(.polling, SessionLimits(maxWaitingPackets: 10))
        let payload = Array(String(repeating: "1:2", count: 11).utf8)
        #expect(
            session.posted(payload, now: Self.start)
                == [.count(packets: 11), .answerPost(isAccepted: true), .closed(.slowClient)])
    }

    @Test func bothFramingsOfAPayloadAreRead() {
        var session = self.session(.polling)
        let messages: [SessionTests.Action] = [
            .deliver(.text(Array("€".utf8)[...])), .deliver(.binary([1, 2, 3])), .answerPost(isAccepted: true),
        ]
        #expect(session.posted(Array("2:4€6:b4AQID".utf8), now: Self.start) == messages)
        #expect(
            session.posted(
                [0, 4, 255, 0x34, 0xE2, 0x82, 0xAC, 1, 4, 255, 4, 1, 2, 3], isBinary: true, now: Self.start)
                == messages)
    }

    @Test(arguments: ["", "abc", "6:4", "1:3", "1:5", "4hello"])
    func malformedPayloadEndsTheSession(_ payload: String) {
        var session = self.session(.polling)
        let actions = session.posted(Array(payload.utf8), now: Self.start)
        #expect(actions.suffix(2) == [.answerPost(isAccepted: false), .closed(.malformedPacket)])
    }

    @Test func binaryPayloadsAreNotOfVersionFour() {
        var session = Session<Text>(transport: .polling, limits: SessionTests.limits, now: Self.start)
        let actions = session.posted(Array("4a".utf8), isBinary: true, now: Self.start)
        #expect(actions == [.answerPost(isAccepted: false), .closed(.malformedPacket)])
    }

    @Test func binaryFramesBeginWithTheirType() {
        var session = self.session(.webSocket)
        #expect(session.webSocketMessage(.binary([4, 1, 2])) == .binary([1, 2]))
        #expect(session.webSocketMessage(.binary([5, 1])) == nil)
        #expect(session.webSocketReceived(Self.frame("b4AQI="), now: Self.start) == [.deliver(.binary([1, 2]))])
        #expect(session.webSocketReceived(.binary([4, 7]), now: Self.start) == [.deliver(.binary([7]))])
        #expect(session.webSocketReceived(.binary([2]), now: Self.start) == [.closed(.malformedPacket)])
        var empty = self.session(.webSocket)
        #expect(empty.webSocketReceived(.binary([]), now: Self.start) == [.closed(.malformedPacket)])
    }

    @Test func upgradeIsThatOfVersionFour() {
        var session = self.session(.polling)
        #expect(session.offerProbe(now: Self.start) == true)
        #expect(session.probeReceived(Self.frame("2probe")) == [.answerProbe])
        #expect(session.polled(self.poll, now: Self.start) == [.respond(self.poll, [.noop])])
        #expect(session.probeReceived(Self.frame("5")) == [.adoptProbe])
        #expect(session.isWebSocket)
        #expect(session.version == .v3)
        #expect(session.webSocketReceived(Self.frame("1"), now: Self.start) == [.closed(.clientClose)])
    }

    @Test(arguments: ["2", "2prob", "5"])
    func probeThatSaysSomethingElseIsDropped(_ text: String) {
        var session = self.session(.polling)
        _ = session.offerProbe(now: Self.start)
        #expect(session.probeReceived(Self.frame(text)) == [.dropProbe])
    }
}
