import EngineIO
import Testing

/// How a session moves from polling to a WebSocket, or does not.
extension SessionTests {
    @Test func upgradeKeepsTheOrderOfMessages() {
        var session = self.session(.polling)
        _ = session.polled(self.first, now: Self.start)
        #expect(session.offerProbe(now: Self.start) == true)
        #expect(
            session.probeReceived(.text(Array("2probe".utf8)[...]))
                == [.answerProbe, .respond(self.first, [.noop])])
        #expect(session.send(Text("a")) == [])
        #expect(session.flush() == [])
        #expect(session.probeReceived(.text(Array("5".utf8)[...])) == [.adoptProbe, .write([.message(Text("a"))])])
        #expect(session.send(Text("b")) == [.write([.message(Text("b"))])])
        #expect(session.transport == .webSocket)
        #expect(session.polled(self.second, now: Self.start) == [.refuse(self.second)])
        #expect(session.posted(Array("4a".utf8), now: Self.start) == [.answerPost(isAccepted: false)])
    }

    @Test func pollDuringTheUpgradeIsReleasedAtOnce() {
        var session = self.session(.polling)
        _ = session.offerProbe(now: Self.start)
        _ = session.probeReceived(.text(Array("2probe".utf8)[...]))
        #expect(session.polled(self.first, now: Self.start) == [.respond(self.first, [.noop])])
    }

    @Test func secondProbeIsNotLetIn() {
        var session = self.session(.polling)
        #expect(session.offerProbe(now: Self.start) == true)
        #expect(session.offerProbe(now: Self.start) == false)
        var upgraded = self.session(.webSocket)
        #expect(upgraded.offerProbe(now: Self.start) == false)
    }

    @Test(arguments: ["5", "4hello", "", "2", "x"])
    func wrongProbeIsDroppedAndTheSessionGoesOn(_ text: String) {
        var session = self.session(.polling)
        _ = session.offerProbe(now: Self.start)
        #expect(session.probeReceived(.text(Array(text.utf8)[...])) == [.dropProbe])
        #expect(session.offerProbe(now: Self.start) == true)
        #expect(!session.isClosed)
    }

    @Test func probeThatNeverUpgradesIsDropped() {
        var session = self.session(.polling)
        _ = session.offerProbe(now: self.after(1))
        #expect(session.deadline == self.after(11))
        #expect(session.tick(now: self.after(11)) == [.dropProbe])
        #expect(session.transport == .polling)
    }

    @Test func endOfASessionDropsItsProbe() {
        var session = self.session(.polling)
        _ = session.offerProbe(now: Self.start)
        #expect(
            session.posted(Array("1".utf8), now: Self.start)
                == [.count(packets: 1), .dropProbe, .answerPost(isAccepted: true), .closed(.clientClose)])
    }
}
