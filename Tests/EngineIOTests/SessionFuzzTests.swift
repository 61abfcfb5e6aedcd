import EngineIO
import SeededRandom
import Testing

@Suite("Engine.IO sessions under random events")
struct SessionFuzzTests {
    /// Checks the promises that the edge relies on, whatever happens in whatever order.
    struct Observer {
        var session: Session<SessionTests.Text>
        let seed: UInt64
        var openPolls: Set<PollID> = []
        var closings = 0

        /// Checks what one event led to; with a post, its answer has to be there.
        mutating func check(_ actions: [SessionTests.Action], posts: Int = 0) {
            let wasClosed = self.closings > 0
            var answers = 0
            for (index, action) in actions.enumerated() {
                switch action {
                case .respond(let poll, let packets):
                    #expect(!packets.isEmpty, "seed \(self.seed)")
                    #expect(self.openPolls.remove(poll) != nil, "seed \(self.seed)")
                    #expect(!wasClosed, "seed \(self.seed)")
                case .refuse(let poll):
                    #expect(self.openPolls.remove(poll) != nil, "seed \(self.seed)")
                case .closed:
                    self.closings += 1
                    #expect(index == actions.count - 1, "seed \(self.seed)")
                case .answerPost:
                    answers += 1
                case .dropped:
                    #expect(actions.count == 1, "seed \(self.seed)")
                case .count(let packets):
                    #expect(index == 0 && packets > 0, "seed \(self.seed)")
                case .write, .answerProbe, .adoptProbe, .dropProbe, .deliver:
                    #expect(!wasClosed, "seed \(self.seed)")
                }
            }
            #expect(answers == posts, "seed \(self.seed)")
            #expect(self.closings <= 1, "seed \(self.seed)")
            #expect(self.session.isClosed == (self.closings == 1), "seed \(self.seed)")
            #expect((self.session.deadline == nil) == self.session.isClosed, "seed \(self.seed)")
            if self.session.isClosed { #expect(self.openPolls.isEmpty, "seed \(self.seed)") }
            // A ping, a noop and a close may come on top of what is bounded.
            #expect(self.session.waiting.packets <= SessionFuzzTests.limits.maxWaitingPackets + 3, "seed \(self.seed)")
            #expect(self.session.waiting.bytes <= SessionFuzzTests.limits.maxWaitingBytes + 3, "seed \(self.seed)")
        }
    }

    static let limits = SessionLimits(
        pingInterval: .seconds(25), pingTimeout: .seconds(20), maxWaitingBytes: 30, maxWaitingPackets: 8,
        packetsPerPoll: 3, upgradeTimeout: .seconds(10), closeTimeout: .seconds(5))

    private static let texts = [
        "4a", "1", "2", "2probe", "3", "5", "6", "x", "", "4a\u{1E}4b", "b!", "bAQ==", "1:2", "2:4a1:6", "1:1",
        "6:b4AQ==",
        "9:4", "3:4😀", "1:21:21:21:21:21:21:21:21:2", "\u{4}abc", "\u{0}\u{1}",
    ]

    @Test func everyRequestIsAnsweredOnceAndTheEndComesOnce() {
        let seed = Fuzz.seed("session")
        var generator = SplitMix64(seed: seed)
        for _ in 0..<Fuzz.iterations(4_000) { self.run(using: &generator, seed) }
    }

    private func run(using generator: inout SplitMix64, _ seed: UInt64) {
        var now = SessionTests.start
        let transport = Bool.random(using: &generator) ? Transport.polling : .webSocket
        let version = Bool.random(using: &generator) ? ProtocolVersion.v3 : .v4
        let session = Session<SessionTests.Text>(
            transport: transport, limits: Self.limits, version: version, now: now)
        var observer = Observer(session: session, seed: seed)

        for step in 0..<40 {
            now += .milliseconds(Int.random(in: 0...4_000, using: &generator))
            let bytes = Array((Self.texts.randomElement(using: &generator) ?? "").utf8)
            let frame = Bool.random(using: &generator) ? Message.text(bytes[...]) : .binary(bytes[...])
            switch Int.random(in: 0..<16, using: &generator) {
            case 0, 1:
                observer.openPolls.insert(PollID(step))
                observer.check(observer.session.polled(PollID(step), now: now))
            case 2, 3, 4:
                let isBinary = Int.random(in: 0..<8, using: &generator) == 0
                observer.check(observer.session.posted(bytes, isBinary: isBinary, now: now), posts: 1)
            case 5, 6, 7:
                let text = SessionTests.Text(String(repeating: "h", count: Int.random(in: 0...12, using: &generator)))
                observer.check(observer.session.send(text, isVolatile: .random(using: &generator)))
            case 8: observer.check(observer.session.flush())
            case 9:
                guard observer.session.webSocketMessage(frame) == nil else { continue }
                observer.check(observer.session.webSocketReceived(frame, now: now))
            case 10: observer.check(observer.session.probeReceived(frame))
            case 11: _ = observer.session.offerProbe(now: now)
            case 12: observer.check(observer.session.tick(now: now))
            default: self.end(&observer, now, using: &generator)
            }
        }
    }

    /// What ends a session, or may: seldom, or there would be little to see.
    private func end(_ observer: inout Observer, _ now: ContinuousClock.Instant, using generator: inout SplitMix64) {
        switch Int.random(in: 0..<30, using: &generator) {
        case 0: observer.check(observer.session.close(.serverClose, now: now))
        case 1: observer.check(observer.session.pollAborted(observer.openPolls.popFirst() ?? PollID(-1)))
        case 2: observer.check(observer.session.webSocketClosed(.messageTooLarge))
        case 3: observer.check(observer.session.abandon(.slowClient))
        default: observer.session.probeClosed()
        }
    }
}
