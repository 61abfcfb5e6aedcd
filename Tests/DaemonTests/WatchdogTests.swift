import Daemon
import Logging
import Synchronization
import Testing

@Suite("The watchdog", .timeLimit(.minutes(2)))
struct WatchdogTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test func partIsSilentWhenItsPatienceIsOver() {
        let start = ContinuousClock.now
        var pulse = Pulse([(name: "a", patience: .seconds(1)), (name: "b", patience: .seconds(5))], now: start)
        #expect(pulse.silent(now: start + .seconds(1)) == [])
        #expect(pulse.silent(now: start + .seconds(2)) == ["a"])
        pulse.answered(0, now: start + .seconds(2))
        #expect(pulse.silent(now: start + .seconds(3)) == [])
        #expect(pulse.silent(now: start + .seconds(6)) == ["a", "b"])
    }

    @Test func pingsWhileEverythingAnswers() async {
        let (pings, pinged) = AsyncStream<Void>.makeStream()
        let watchdog = Watchdog(
            timeout: .milliseconds(200),
            probes: [HealthProbe("part", patience: .seconds(60)) {}],
            logger: self.logger
        ) { pinged.yield() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await watchdog.run() }
            var count = 0
            for await _ in pings {
                count += 1
                if count == 3 { break }
            }
            group.cancelAll()
        }
    }

    /// The part hangs until the test lets it go; before that, the pings have ended.
    @Test func fallsSilentWithAPartThatHangs() async throws {
        let pings = Mutex(0)
        let (gate, open) = AsyncStream<Void>.makeStream()
        let (asked, ask) = AsyncStream<Void>.makeStream()
        let watchdog = Watchdog(
            timeout: .milliseconds(40),
            probes: [
                HealthProbe("hangs") {
                    ask.yield()
                    for await _ in gate {}
                }
            ],
            logger: self.logger
        ) { pings.withLock { $0 += 1 } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await watchdog.run() }
            for await _ in asked { break }
            var last = -1
            while pings.withLock({ $0 }) != last {
                last = pings.withLock { $0 }
                try await Task.sleep(for: .milliseconds(400))
            }
            #expect(last <= 3)
            open.finish()
            while pings.withLock({ $0 }) == last { try await Task.sleep(for: .milliseconds(5)) }
            group.cancelAll()
        }
    }
}
