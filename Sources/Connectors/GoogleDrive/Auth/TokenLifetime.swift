/// An access token and when to get the next one: before it expires, and once for everybody who waits.
///
/// Knows no clock and no network. The caller says what happened and when; the answer says what to do.
package struct TokenLifetime: Sendable {
    package typealias Instant = ContinuousClock.Instant

    package enum Decision: Equatable, Sendable {
        /// Take this token.
        case use(String)
        /// Take this token, and get a new one meanwhile.
        case useAndRenew(String)
        /// Get a token.
        case renew
        /// Somebody is getting one: wait for it.
        case wait
    }

    /// How long before its end a token is renewed while it is still used.
    package static let renewal = Duration.seconds(300)
    /// How long before its end a token is used no more: requests take time.
    package static let margin = Duration.seconds(60)

    private var token: String?
    private var renewsAt: Instant?
    private var endsAt: Instant?
    private var isRenewing = false

    package init() {}

    /// What who needs a token is to do.
    package mutating func request(now: Instant) -> Decision {
        if let token, let renewsAt, let endsAt, now < endsAt {
            guard now >= renewsAt, !self.isRenewing else { return .use(token) }
            self.isRenewing = true
            return .useAndRenew(token)
        }
        guard !self.isRenewing else { return .wait }
        self.isRenewing = true
        return .renew
    }

    /// A token came.
    ///
    /// - Parameters:
    ///   - token: The token.
    ///   - lifetime: How long Google says that it lasts; a short one is used for three quarters, and renewed at half.
    ///   - now: When it was asked for.
    package mutating func renewed(_ token: String, lifetime: Duration, now: Instant) {
        self.isRenewing = false
        self.token = token
        self.renewsAt = now + max(lifetime - Self.renewal, lifetime / 2)
        self.endsAt = now + max(lifetime - Self.margin, lifetime * 3 / 4)
    }

    /// No token came; the next who asks tries again.
    package mutating func failed() { self.isRenewing = false }

    /// Google does not take a token; if it is the one in use, it is used no more.
    package mutating func rejected(_ token: String) {
        if self.token == token { self.token = nil }
    }
}
