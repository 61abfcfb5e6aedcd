import Daemon
import Ingest
import Logging
import Testing

@Suite("Who may do what")
struct AccessControlTests {
    private static let reader = "reader-0123456789abcdef"
    private static let operatorToken = "operator-0123456789abcdef"
    private static let local = "local-0123456789abcdef"
    private static let here = AccessControl.Client(address: "127.0.0.1", isForwarded: false)
    private static let there = AccessControl.Client(address: "192.0.2.7", isForwarded: false)

    private static func control(anonymous: Grant?) -> AccessControl {
        AccessControl(
            anonymous: anonymous,
            tokens: [
                AccessToken(name: "reader", secret: Self.reader.utf8, grant: Grant(role: .read)),
                AccessToken(
                    name: "operator", secret: Self.operatorToken.utf8,
                    grant: Grant(role: .control, pipelines: [PipelineID("docs")])
                ),
                AccessToken(
                    name: "local", secret: Self.local.utf8, grant: Grant(role: .control), isLocal: true
                ),
            ],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    @Test func withoutATokenOneMayDoWhatEverybodyMay() {
        let open = Self.control(anonymous: Grant(role: .read))
        #expect(open.verdict(for: .read, token: nil, from: Self.there) == .granted(Grant(role: .read)))
        #expect(open.verdict(for: .control, token: nil, from: Self.here) == .missing)
        let closed = Self.control(anonymous: nil)
        #expect(closed.verdict(for: .read, token: nil, from: Self.here) == .missing)
        #expect(closed.verdict(for: .read, token: "", from: Self.here) == .missing)
    }

    @Test func aTokenAllowsWhatItsRoleSays() {
        let control = Self.control(anonymous: nil)
        #expect(control.verdict(for: .read, token: Self.reader, from: Self.there) == .granted(Grant(role: .read)))
        #expect(control.verdict(for: .control, token: Self.reader, from: Self.there) == .forbidden)
        let docs = Grant(role: .control, pipelines: [PipelineID("docs")])
        #expect(control.verdict(for: .control, token: Self.operatorToken, from: Self.there) == .granted(docs))
        #expect(docs.covers(PipelineID("docs")) == true)
        #expect(docs.covers(PipelineID("other")) == false)
    }

    @Test func theMachinesOwnTokenIsWorthNothingElsewhere() {
        let control = Self.control(anonymous: nil)
        #expect(
            control.verdict(for: .control, token: Self.local, from: Self.here) == .granted(Grant(role: .control)))
        #expect(control.verdict(for: .control, token: Self.local, from: Self.there) == .wrong)
        let proxied = AccessControl.Client(address: "127.0.0.1", isForwarded: true)
        #expect(control.verdict(for: .control, token: Self.local, from: proxied) == .wrong)
    }

    @Test func aClientWithTheServersOwnAddressIsOnThisMachine() {
        let control = Self.control(anonymous: nil)
        for (isForwarded, verdict) in [(false, .granted(Grant(role: .control))), (true, .wrong)]
            as [(Bool, AccessControl.Verdict)]
        {
            let client = AccessControl.Client(
                address: "192.0.2.5", isForwarded: isForwarded, isFromOwnAddress: true)
            #expect(control.verdict(for: .control, token: Self.local, from: client) == verdict)
        }
    }

    @Test func guessesDoNotKeepTheMachinesOwnTokenOut() {
        let control = Self.control(anonymous: nil)
        let start = ContinuousClock.now
        for _ in 0..<AttemptLimiter.burst {
            #expect(control.verdict(for: .read, token: "guess", from: Self.here, now: start) == .wrong)
        }
        let own = control.verdict(for: .control, token: Self.local, from: Self.here, now: start)
        #expect(own == .granted(Grant(role: .control)))
        for token in [Self.operatorToken, "guess"] {
            let verdict = control.verdict(for: .read, token: token, from: Self.here, now: start)
            #expect(verdict == .tooManyAttempts(retryAfter: 7))
        }
    }

    /// Differs from the first in one thing each.
    static let digests: [(anonymous: Grant?, name: String, secret: String, grant: Grant)] = [
        (nil, "a", "secret", Grant(role: .read)),
        (Grant(role: .read), "a", "secret", Grant(role: .read)),
        (nil, "b", "secret", Grant(role: .read)),
        (nil, "a", "other", Grant(role: .read)),
        (nil, "a", "secret", Grant(role: .control)),
        (nil, "a", "secret", Grant(role: .read, pipelines: [])),
        (nil, "a", "secret", Grant(role: .read, pipelines: [PipelineID("docs")])),
        (nil, "a", "secret", Grant(role: .read, pipelines: [PipelineID("docs"), PipelineID("mail")])),
    ]

    @Test func theDigestOfTheGrantsIsAnotherForOtherGrants() {
        let digests = Self.digests.map { anonymous, name, secret, grant in
            AccessControl(
                anonymous: anonymous,
                tokens: [AccessToken(name: name, secret: secret.utf8, grant: grant)],
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ).grantsDigest
        }
        #expect(Set(digests).count == digests.count)
        #expect(digests.allSatisfy { $0.utf8.count == 64 })
    }

    @Test func whoIsWrongTooOftenHasToWait() {
        let control = Self.control(anonymous: Grant(role: .read))
        let start = ContinuousClock.now
        for _ in 0..<AttemptLimiter.burst {
            #expect(control.verdict(for: .read, token: "guess", from: Self.there, now: start) == .wrong)
        }
        let blocked = control.verdict(for: .read, token: Self.reader, from: Self.there, now: start)
        guard case .tooManyAttempts(let seconds) = blocked else {
            Issue.record("\(blocked)")
            return
        }
        #expect(seconds >= 1)
        // Others, and those without a token, are not held up.
        #expect(
            control.verdict(for: .read, token: Self.reader, from: Self.here, now: start) == .granted(Grant(role: .read))
        )
        #expect(control.verdict(for: .read, token: nil, from: Self.there, now: start) == .granted(Grant(role: .read)))
        let later = start + AttemptLimiter.refill
        #expect(
            control.verdict(for: .read, token: Self.reader, from: Self.there, now: later)
                == .granted(Grant(role: .read)))
    }

    @Test func theLimiterForgetsWhoFailedLongestAgo() {
        var limiter = AttemptLimiter()
        let start = ContinuousClock.now
        for _ in 0..<AttemptLimiter.burst { limiter.recordFailure(of: "first", now: start) }
        #expect(limiter.delay(for: "first", now: start) != nil)
        for index in 0..<AttemptLimiter.addressLimit {
            limiter.recordFailure(of: "\(index)", now: start + .milliseconds(1))
        }
        #expect(limiter.delay(for: "first", now: start + .milliseconds(1)) == nil)
    }

    @Test(
        arguments: [
            ("GET", "/", nil), ("GET", "/js/main.js", nil), ("HEAD", "/css/base.css", nil),
            ("GET", "/health/live", nil),
            ("OPTIONS", "/status", nil), ("GET", "/openapi.json", nil),
            ("GET", "/status", .read), ("GET", "/health", .read), ("GET", "/api/search", .read),
            ("GET", "/js/../status", .read), ("GET", "/js/%2e%2e/status", .read), ("GET", "//status", .read),
            ("GET", "/anything", .read), ("POST", "/", .control), ("DELETE", "/js/main.js", .control),
            ("POST", "/api/pipelines/docs/pause", .control), ("BREW", "/", .control),
        ] as [(String, String, Grant.Role?)])
    func whatIsNotListedAsOpenNeedsARole(_ method: String, _ path: String, _ role: Grant.Role?) {
        #expect(AccessControl.need(method, path) == role)
    }
}
