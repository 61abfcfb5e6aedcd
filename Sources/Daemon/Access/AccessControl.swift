package import Logging
import Synchronization

/// Decides who may do what, for HTTP and for Socket.IO alike.
///
/// Knows a client by the token that it brings and by nothing else: there are no cookies, so no page of another site can
/// use what a person's browser remembers. Safe from any thread; never blocks for longer than a few hashes take.
package final class AccessControl: Sendable {
    /// Who asks.
    package struct Client: Sendable {
        /// Empty if the connection has none.
        package var address: String
        /// Whether it is on this machine, and no proxy speaks for it.
        package var isLocal: Bool

        /// - Parameters:
        ///   - address: Empty if the connection has none.
        ///   - isForwarded: Whether a proxy says that it speaks for somebody else.
        ///   - isFromOwnAddress: Whether both ends of the connection have the same address: a command asks the one that
        ///     the daemon listens on, which need be no loopback address.
        package init(address: String, isForwarded: Bool, isFromOwnAddress: Bool = false) {
            self.address = address
            let isLoopback = address.hasPrefix("127.") || address == "::1" || address.hasPrefix("::ffff:127.")
            self.isLocal = !isForwarded && (isLoopback || isFromOwnAddress)
        }
    }

    /// What became of a question.
    package enum Verdict: Equatable, Sendable {
        case granted(Grant)
        /// A token is needed, and none was sent.
        case missing
        /// A token was sent, and it is none of ours.
        case wrong
        /// The token is right, and does not allow this.
        case forbidden
        /// The client's address was wrong too often; it may try again after so many seconds.
        case tooManyAttempts(retryAfter: Int)
    }

    /// What somebody without a token may do; nil is nothing.
    private let anonymous: Grant?
    private let tokens: [AccessToken]
    private let limiter = Mutex(AttemptLimiter())
    private let logger: Logger

    /// - Parameters:
    ///   - anonymous: What somebody without a token may do; nil is nothing.
    ///   - tokens: Who may do what.
    ///   - logger: Told of wrong tokens, without the token.
    package init(anonymous: Grant?, tokens: [AccessToken], logger: Logger) {
        self.anonymous = anonymous
        self.tokens = tokens
        self.logger = logger
    }

    /// Decides a question.
    ///
    /// - Parameters:
    ///   - role: What is to be done.
    ///   - token: What the client brought; nil for nothing.
    ///   - client: Who asks.
    ///   - now: For the limit of attempts.
    /// - Returns: What may be done, or why nothing may.
    package func verdict(
        for role: Grant.Role, token: String?, from client: Client, now: ContinuousClock.Instant = .now
    ) -> Verdict {
        guard let token, !token.isEmpty else {
            guard let anonymous, role <= anonymous.role else { return .missing }
            return .granted(anonymous)
        }
        // First, so that no other program of this machine keeps its commands out by guessing.
        if client.isLocal, let own = self.token(token), own.isLocal {
            return role <= own.grant.role ? .granted(own.grant) : .forbidden
        }
        if let delay = self.limiter.withLock({ $0.delay(for: client.address, now: now) }) {
            return .tooManyAttempts(retryAfter: max(1, Int(delay.components.seconds) + 1))
        }
        guard let found = self.token(token), !found.isLocal else {
            self.limiter.withLock { $0.recordFailure(of: client.address, now: now) }
            self.logger.warning("Refused a wrong token.", metadata: ["address": "\(client.address)"])
            return .wrong
        }
        return role <= found.grant.role ? .granted(found.grant) : .forbidden
    }

    /// What a client may do that has been let in with this token, or with none.
    func grant(ofAdmitted token: String?) -> Grant {
        self.grantIfAny(ofAdmitted: token) ?? Grant(role: .read, pipelines: [])
    }

    /// What a client may do that brought this token, which is none that was refused, or none; nil for nothing.
    func grantIfAny(ofAdmitted token: String?) -> Grant? {
        token.flatMap { self.token($0) }?.grant ?? self.anonymous
    }

    /// Whether nothing is shown to somebody without a token.
    var needsToken: Bool { self.anonymous == nil }

    /// Says of two processes whether they allow the same to the same tokens; gives no token away.
    package var grantsDigest: String {
        let all = self.tokens.map(\.summary).sorted() + [self.anonymous?.summary ?? "nothing"]
        let digest = AccessToken.digest(of: all.joined(separator: "\n").utf8)
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Looks at every token, so that the time it takes says nothing.
    private func token(_ secret: String) -> AccessToken? {
        let digest = AccessToken.digest(of: secret.utf8)
        return self.tokens.reduce(nil) { found, token in token.matches(digest) ? token : found }
    }
}
