import FoundationEssentials
import Ingest
import Processing
import Testing

@Suite("When an embedding service is asked again")
struct ServicePacerTests {
    private let start = ContinuousClock.now
    private let busy = EmbeddingServiceError.busy(address: "a", status: 503)

    @Test func delaysDoubleAndEndAtTheLongest() {
        var pacer = ServicePacer(firstDelay: .seconds(1))
        var now = self.start
        var delays: [Duration] = []
        for _ in 0..<7 {
            pacer.failed(self.busy, retryAfter: nil, jitter: 0, now: now)
            guard let until = pacer.block(now: now) else { break }
            delays.append(until - now)
            now = until
        }
        #expect(delays == [1, 2, 4, 8, 16, 30, 30].map { .seconds($0) })
        pacer.answered()
        #expect(pacer.problem == nil)
        pacer.failed(self.busy, retryAfter: nil, jitter: 1, now: now)
        #expect(pacer.block(now: now) == now + .milliseconds(1_500))
    }

    @Test func failuresOfTheSameMomentCountOnce() {
        var pacer = ServicePacer(firstDelay: .seconds(1))
        for _ in 0..<5 { pacer.failed(self.busy, retryAfter: nil, jitter: 0, now: self.start) }
        #expect(pacer.block(now: self.start) == self.start + .seconds(1))
    }

    @Test func theServicesOwnWordCountsUpToAnHour() {
        var pacer = ServicePacer(firstDelay: .seconds(1))
        pacer.failed(self.busy, retryAfter: .seconds(20), jitter: 0, now: self.start)
        #expect(pacer.block(now: self.start) == self.start + .seconds(20))
        pacer.failed(self.busy, retryAfter: .seconds(1_000_000), jitter: 0, now: self.start)
        #expect(pacer.block(now: self.start) == self.start + .seconds(3_600))
        #expect(pacer.block(now: self.start + .seconds(3_600)) == nil)
    }

    @Test(arguments: [
        ("0", 0.0), ("2", 2.0), (" 1.5 ", 1.5), ("Sun, 06 Nov 1994 08:49:37 GMT", 10.0),
        ("Sun, 06 Nov 1994 08:49:17 GMT", 0.0), ("Thu, 29 Feb 2024 00:00:00 GMT", 925_053_033.0), ("-1", nil),
        ("soon", nil), ("inf", nil), ("nan", nil), ("1e99", nil), ("", nil),
        ("Sun, 99 Nov 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 99999999999999999999 08:49:37 GMT", nil),
    ])
    func retryAfterIsRead(_ text: String, _ seconds: Double?) {
        let now = Date(timeIntervalSince1970: 784_111_767)
        #expect(RetryAfter.duration(text, now: now).map { $0 / .seconds(1) } == seconds)
    }
}
