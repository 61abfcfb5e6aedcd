import EngineIO
import Testing

@Suite("Engine.IO sessions that close in the middle of an upgrade")
struct SessionClosingTests {
    /// A session whose client has been told that it may upgrade, and does not poll any more.
    private func upgrading() -> Session<SessionTests.Text> {
        let limits = SessionLimits(closeTimeout: .seconds(5))
        var session = Session<SessionTests.Text>(transport: .polling, limits: limits, now: SessionTests.start)
        let isOffered = session.offerProbe(now: SessionTests.start)
        #expect(isOffered)
        #expect(session.probeReceived(.text(Array("2probe".utf8)[...])) == [.answerProbe])
        return session
    }

    @Test func closeIsToldOverTheWebSocketOfAClientThatUpgrades() {
        var session = self.upgrading()
        _ = session.send(SessionTests.Text("bye"))
        #expect(session.close(.serverShutdown, now: SessionTests.start) == [])
        #expect(
            session.probeReceived(.text(Array("5".utf8)[...]))
                == [.adoptProbe, .write([.message(SessionTests.Text("bye"))]), .closed(.serverShutdown)])
    }

    @Test func clientThatDoesNotUpgradeAfterAllHearsOfTheCloseByItsPoll() {
        var session = self.upgrading()
        _ = session.close(.serverShutdown, now: SessionTests.start)
        var other = session
        #expect(
            session.polled(PollID(1), now: SessionTests.start)
                == [.respond(PollID(1), [.close]), .dropProbe, .closed(.serverShutdown)])
        #expect(other.probeReceived(.text(Array("4a".utf8)[...])) == [.dropProbe])
        #expect(other.probeReceived(.text(Array("5".utf8)[...])) == [])
        #expect(other.tick(now: SessionTests.start + .seconds(5)) == [.closed(.serverShutdown)])
    }

    @Test func probeThatWasNotAnsweredIsDroppedByAClose() {
        var session = Session<SessionTests.Text>(transport: .polling, limits: SessionLimits(), now: SessionTests.start)
        _ = session.offerProbe(now: SessionTests.start)
        #expect(session.close(.serverShutdown, now: SessionTests.start) == [.dropProbe])
        #expect(session.probeReceived(.text(Array("2probe".utf8)[...])) == [])
    }

    @Test func probeThatGoesAwayInTheMiddleOfACloseIsForgotten() {
        var session = self.upgrading()
        _ = session.close(.serverShutdown, now: SessionTests.start)
        session.probeClosed()
        #expect(session.tick(now: SessionTests.start + .seconds(5)) == [.closed(.serverShutdown)])
    }
}
