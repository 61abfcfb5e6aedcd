import EngineIO
import Testing

@Suite("Engine.IO sessions")
struct SessionTests {
    struct Text: OutgoingMessage, Equatable {
        let text: String
        var byteCount: Int { self.text.utf8.count }
        var packetCount: Int { 1 }
        init(_ text: String) { self.text = text }
    }

    typealias Action = SessionAction<Text>

    static let start = ContinuousClock.now
    static let limits = SessionLimits(
        pingInterval: .seconds(25), pingTimeout: .seconds(20), maxWaitingBytes: 10, packetsPerPoll: 3,
        upgradeTimeout: .seconds(10),
        closeTimeout: .seconds(5))

    let first = PollID(1)
    let second = PollID(2)

    func session(_ transport: Transport) -> Session<Text> {
        Session(transport: transport, limits: Self.limits, now: Self.start)
    }

    func after(_ seconds: Double) -> ContinuousClock.Instant { Self.start + .seconds(seconds) }

    // MARK: Polling

    @Test func messagesWaitForThePoll() {
        var session = self.session(.polling)
        #expect(session.send(Text("a")) == [])
        #expect(session.send(Text("b")) == [])
        #expect(session.flush() == [])
        #expect(
            session.polled(self.first, now: Self.start)
                == [.respond(self.first, [.message(Text("a")), .message(Text("b"))])])
    }

    @Test func pollWaitsForMessagesAndTakesAWholeBatch() {
        var session = self.session(.polling)
        #expect(session.polled(self.first, now: Self.start) == [])
        #expect(session.send(Text("a")) == [])
        #expect(session.send(Text("b")) == [])
        #expect(session.flush() == [.respond(self.first, [.message(Text("a")), .message(Text("b"))])])
        #expect(session.flush() == [])
    }

    @Test func secondPollEndsTheSessionAndBothAreAnswered() {
        var session = self.session(.polling)
        _ = session.polled(self.first, now: Self.start)
        #expect(
            session.polled(self.second, now: Self.start)
                == [.respond(self.first, [.close]), .refuse(self.second), .closed(.transportError)])
        #expect(session.isClosed)
    }

    @Test func postedPacketsAreDeliveredInOrder() {
        var session = self.session(.polling)
        let payload = Array("4a\u{1E}bAQI=\u{1E}4b".utf8)
        #expect(
            session.posted(payload, now: Self.start)
                == [
                    .deliver(.text([0x61])), .deliver(.binary([1, 2])), .deliver(.text([0x62])),
                    .answerPost(isAccepted: true),
                ])
    }

    @Test func packetsOfTheProtocolsOwnAreCounted() {
        var session = self.session(.polling)
        #expect(
            session.posted(Array("6\u{1E}4a\u{1E}3\u{1E}6".utf8), now: Self.start)
                == [.count(packets: 3), .deliver(.text([0x61])), .answerPost(isAccepted: true)])
    }

    @Test(arguments: ["", "abc", "4a\u{1E}", "2", "2probe", "3probe", "5", "0{}"])
    func malformedPayloadIsRefusedAndEndsTheSession(_ payload: String) {
        var session = self.session(.polling)
        let actions = session.posted(Array(payload.utf8), now: Self.start)
        #expect(actions.suffix(2) == [.answerPost(isAccepted: false), .closed(.malformedPacket)])
        #expect(session.posted(Array("4a".utf8), now: Self.start) == [.answerPost(isAccepted: false)])
    }

    @Test func payloadOfTooManyPacketsEndsTheSession() {
        let limits = SessionLimits(packetsPerPost: 3)
        for (payload, isAccepted) in [("6\u{1E}6\u{1E}6", true), ("6\u{1E}6\u{1E}6\u{1E}6", false)] {
            var session = Session<Text>(transport: .polling, limits: limits, now: Self.start)
            let ending: [Action] = isAccepted ? [] : [.closed(.malformedPacket)]
            let count = isAccepted ? 3 : 4
            #expect(
                session.posted(Array(payload.utf8), now: Self.start)
                    == [.count(packets: count), .answerPost(isAccepted: isAccepted)] + ending)
        }
    }

    @Test func closePacketReleasesThePollWithANoop() {
        var session = self.session(.polling)
        _ = session.polled(self.first, now: Self.start)
        #expect(
            session.posted(Array("1".utf8), now: Self.start)
                == [
                    .count(packets: 1), .respond(self.first, [.noop]), .answerPost(isAccepted: true),
                    .closed(.clientClose),
                ])
    }

    @Test func lostPollEndsTheSession() {
        var session = self.session(.polling)
        _ = session.polled(self.first, now: Self.start)
        #expect(session.pollAborted(self.second) == [])
        #expect(session.pollAborted(self.first) == [.closed(.transportClose)])
    }

    @Test func tooMuchWaitingEndsTheSession() {
        var session = self.session(.polling)
        #expect(session.send(Text("12345")) == [])
        #expect(session.send(Text("67890")) == [])
        #expect(session.send(Text("1")) == [.closed(.slowClient)])
    }

    @Test func tooMuchInOneBatchGoesToTheWaitingPollFirst() {
        var session = self.session(.polling)
        _ = session.polled(self.first, now: Self.start)
        #expect(session.send(Text("12345678901")) == [.respond(self.first, [.message(Text("12345678901"))])])
        #expect(!session.isClosed)
    }

    @Test func tooManyPacketsWaitingEndTheSession() {
        var limits = Self.limits
        limits.maxWaitingPackets = 3
        var session = Session<Text>(transport: .polling, limits: limits, now: Self.start)
        for _ in 0..<3 { #expect(session.send(Text("")) == []) }
        #expect(session.send(Text("")) == [.closed(.slowClient)])
    }

    @Test func volatileMessagesAreDroppedFromHalfTheRoomOn() {
        var session = self.session(.polling)
        #expect(session.send(Text("12345"), isVolatile: true) == [])
        #expect(session.send(Text("6"), isVolatile: true) == [.dropped])
        #expect(session.send(Text("67890")) == [])
        #expect(session.send(Text(""), isVolatile: true) == [.dropped])
        #expect(
            session.polled(self.first, now: Self.start)
                == [.respond(self.first, [.message(Text("12345")), .message(Text("67890"))])])
        #expect(session.send(Text("1"), isVolatile: true) == [])
    }

    @Test func volatileMessageGoesToAWaitingPollHoweverLongItIs() {
        var session = self.session(.polling)
        _ = session.polled(self.first, now: Self.start)
        #expect(
            session.send(Text("12345678901"), isVolatile: true)
                == [.respond(self.first, [.message(Text("12345678901"))])])
    }

    @Test func volatileMessageToASessionThatEndsIsCounted() {
        var session = self.session(.polling)
        _ = session.close(.serverClose, now: Self.start)
        #expect(session.send(Text("a"), isVolatile: true) == [.dropped])
        var webSocket = self.session(.webSocket)
        #expect(webSocket.send(Text("a"), isVolatile: true) == [.write([.message(Text("a"))])])
        _ = webSocket.webSocketClosed()
        #expect(webSocket.send(Text("a"), isVolatile: true) == [.dropped])
    }

    @Test func aLongQueueIsTakenInLinearTime() {
        let limits = SessionLimits(maxWaitingPackets: 100_000)
        var session = Session<Text>(transport: .polling, limits: limits, now: Self.start)
        for index in 0..<100_000 { _ = session.send(Text("\(index % 10)")) }
        var taken = 0
        while taken < 100_000, case .respond(_, let packets)? = session.polled(PollID(taken), now: Self.start).first {
            taken += packets.count == 16 ? 16 : 100_001
        }
        #expect(taken == 100_000)
    }

    @Test func pollGetsNoMoreThanItsClientTakes() {
        var session = self.session(.polling)
        for text in ["a", "b", "c", "d"] { _ = session.send(Text(text)) }
        #expect(
            session.polled(self.first, now: Self.start)
                == [.respond(self.first, ["a", "b", "c"].map { .message(Text($0)) })])
        #expect(session.polled(self.second, now: Self.start) == [.respond(self.second, [.message(Text("d"))])])
    }

    // MARK: Closing from this side

    @Test func closeIsTheLastOfSeveralPolls() {
        var session = self.session(.polling)
        for text in ["a", "b", "c"] { _ = session.send(Text(text)) }
        _ = session.close(.serverClose, now: Self.start)
        #expect(
            session.polled(self.first, now: Self.start)
                == [.respond(self.first, ["a", "b", "c"].map { .message(Text($0)) })])
        #expect(
            session.polled(self.second, now: Self.start) == [.respond(self.second, [.close]), .closed(.serverClose)])
    }

    @Test func closeFollowsWhatWasSent() {
        var session = self.session(.polling)
        _ = session.polled(self.first, now: Self.start)
        _ = session.send(Text("bye"))
        #expect(
            session.close(.serverShutdown, now: Self.start)
                == [.respond(self.first, [.message(Text("bye"))])])
        #expect(
            session.polled(self.second, now: Self.start)
                == [.respond(self.second, [.close]), .closed(.serverShutdown)])
    }

    @Test func closeWaitsForOneMorePoll() {
        var session = self.session(.polling)
        _ = session.send(Text("bye"))
        #expect(session.close(.serverClose, now: Self.start) == [])
        #expect(session.deadline == self.after(5))
        #expect(session.send(Text("late")) == [])
        #expect(
            session.polled(self.first, now: self.after(1)) == [.respond(self.first, [.message(Text("bye"))])])
        #expect(
            session.polled(self.second, now: self.after(1))
                == [.respond(self.second, [.close]), .closed(.serverClose)])
    }

    @Test func closeDoesNotWaitForever() {
        var session = self.session(.polling)
        _ = session.close(.serverClose, now: Self.start)
        #expect(session.tick(now: self.after(4.9)) == [])
        #expect(session.tick(now: self.after(5)) == [.closed(.serverClose)])
    }

    @Test func messagesOfAWebSocketTakeTheShortWay() {
        var session = self.session(.webSocket)
        #expect(session.isWebSocket)
        #expect(session.webSocketMessage(.text(Array("4hi".utf8)[...])) == .text(Array("hi".utf8)[...]))
        #expect(session.webSocketMessage(.binary([1, 2])) == .binary([1, 2]))
        for control in ["", "1", "2", "3", "x"] {
            #expect(session.webSocketMessage(.text(Array(control.utf8)[...])) == nil)
        }
        _ = session.webSocketClosed()
        #expect(session.webSocketMessage(.binary([1])) == nil)
        #expect(!session.isWebSocket)
        #expect(self.session(.polling).webSocketMessage(.binary([1])) == nil)
    }

    @Test func textThatIsNotUTF8EndsTheSessionWithItsOwnReason() {
        var session = self.session(.webSocket)
        #expect(session.webSocketReceived(.text([0xFF]), now: Self.start) == [.closed(.invalidText)])
        var polling = self.session(.polling)
        #expect(
            polling.posted([0x78, 0xC3], now: Self.start) == [.answerPost(isAccepted: false), .closed(.invalidText)])
    }

    @Test func abandonedSessionTellsItsPollAndKeepsNothing() {
        var session = self.session(.polling)
        _ = session.offerProbe(now: Self.start)
        _ = session.polled(self.first, now: Self.start)
        _ = session.send(Text("a"))
        #expect(
            session.abandon(.rateLimited) == [.respond(self.first, [.close]), .dropProbe, .closed(.rateLimited)])
        #expect(session.waiting.packets == 0)
        #expect(session.abandon(.rateLimited) == [])
        var webSocket = self.session(.webSocket)
        #expect(webSocket.abandon(.slowClient) == [.closed(.slowClient)])
    }

    @Test func nothingHappensAfterTheEnd() {
        var session = self.session(.webSocket)
        #expect(session.webSocketClosed() == [.closed(.transportClose)])
        #expect(session.send(Text("a")) == [])
        #expect(session.close(.serverClose, now: Self.start) == [])
        #expect(session.webSocketReceived(.text([0x34]), now: Self.start) == [])
        #expect(session.tick(now: self.after(1_000)) == [])
        #expect(session.polled(self.first, now: Self.start) == [.refuse(self.first)])
        #expect(session.deadline == nil)
    }

    // MARK: Heartbeat

    @Test func silentClientIsClosedAtTheDeadline() {
        var session = self.session(.webSocket)
        #expect(session.deadline == self.after(25))
        #expect(session.tick(now: self.after(24.999)) == [])
        #expect(session.tick(now: self.after(25.001)) == [.write([.ping])])
        #expect(session.deadline == self.after(45))
        #expect(session.tick(now: self.after(44.999)) == [])
        #expect(session.tick(now: self.after(45)) == [.closed(.pingTimeout)])
    }

    @Test func pongKeepsTheSession() {
        var session = self.session(.webSocket)
        _ = session.tick(now: self.after(25))
        #expect(session.webSocketReceived(.text([0x33]), now: self.after(30)) == [])
        #expect(session.deadline == self.after(55))
    }

    @Test func unaskedPongDoesNotExtendTheSession() {
        var session = self.session(.webSocket)
        #expect(session.webSocketReceived(.text([0x33]), now: self.after(24)) == [])
        #expect(session.deadline == self.after(25))
    }

    @Test func latePingStillLeavesTimeToAnswer() {
        var session = self.session(.webSocket)
        #expect(session.tick(now: self.after(3_600)) == [.write([.ping])])
        #expect(session.deadline == self.after(3_620))
    }

    @Test func pingReachesThePoll() {
        var session = self.session(.polling)
        _ = session.polled(self.first, now: Self.start)
        #expect(session.tick(now: self.after(25)) == [.respond(self.first, [.ping])])
        #expect(session.polled(self.second, now: self.after(45)) == [.refuse(self.second), .closed(.pingTimeout)])
    }
}
