import EngineIO
import Testing

@Suite("Engine.IO sessions under random events")
struct SessionFuzzTests {
    /// Checks the promises that the edge relies on, whatever happens in whatever order.
    struct Observer {
        var session: Session<SessionTests.Text>
        var openPolls: Set<PollID> = []
        var closings = 0

        mutating func check(_ actions: [SessionTests.Action], _ seed: UInt64) {
            for (index, action) in actions.enumerated() {
                switch action {
                case .respond(let poll, let packets):
                    #expect(!packets.isEmpty, "seed \(seed)")
                    #expect(self.openPolls.remove(poll) != nil, "seed \(seed)")
                case .refuse(let poll):
                    #expect(self.openPolls.remove(poll) != nil, "seed \(seed)")
                case .closed:
                    self.closings += 1
                    #expect(index == actions.count - 1, "seed \(seed)")
                case .dropped:
                    #expect(actions.count == 1, "seed \(seed)")
                case .answerPost, .write, .answerProbe, .adoptProbe, .dropProbe, .deliver:
                    #expect(self.closings == 0, "seed \(seed)")
                }
            }
            #expect(self.closings <= 1, "seed \(seed)")
            #expect(self.session.isClosed == (self.closings == 1), "seed \(seed)")
            if self.session.isClosed { #expect(self.openPolls.isEmpty, "seed \(seed)") }
        }
    }

    private static let texts = ["4a", "1", "2", "2probe", "3", "5", "6", "x", "", "4a\u{1E}4b", "b!", "bAQ=="]

    @Test func everyPollIsAnsweredOnceAndTheEndComesOnce() {
        let seed = UInt64.random(in: .min ... .max)
        print("session seed: \(seed)")
        var generator = SplitMix(seed: seed)
        for _ in 0..<3_000 {
            self.run(using: &generator, seed)
        }
    }

    private func run(using generator: inout SplitMix, _ seed: UInt64) {
        var now = SessionTests.start
        let transport = Bool.random(using: &generator) ? Transport.polling : .webSocket
        let session = Session<SessionTests.Text>(transport: transport, limits: SessionTests.limits, now: now)
        var observer = Observer(session: session)

        for step in 0..<40 {
            now += .milliseconds(Int.random(in: 0...4_000, using: &generator))
            let bytes = Array((Self.texts.randomElement(using: &generator) ?? "").utf8)
            let actions: [SessionTests.Action]
            switch Int.random(in: 0..<14, using: &generator) {
            case 0, 1:
                observer.openPolls.insert(PollID(step))
                actions = observer.session.polled(PollID(step), now: now)
            case 2, 3:
                // The edge has no post to answer after the end, and gives such requests their error itself.
                actions = observer.session.isClosed ? [] : observer.session.posted(bytes, now: now)
            case 4, 5: actions = observer.session.send(.init("hi"), isVolatile: .random(using: &generator))
            case 6, 7: actions = observer.session.flush()
            case 8: actions = observer.session.webSocketReceived(.text(bytes[...]), now: now)
            case 9: actions = observer.session.probeReceived(.text(bytes[...]))
            case 10:
                _ = observer.session.offerProbe(now: now)
                actions = []
            case 11: actions = observer.session.tick(now: now)
            case 12 where Int.random(in: 0..<6, using: &generator) == 0:
                actions = observer.session.close(.serverClose, now: now)
            case 13 where Int.random(in: 0..<6, using: &generator) == 0:
                let poll = observer.openPolls.popFirst() ?? PollID(-1)
                actions = observer.session.pollAborted(poll)
            default:
                observer.session.probeClosed()
                actions = []
            }
            observer.check(actions, seed)
        }
    }
}
