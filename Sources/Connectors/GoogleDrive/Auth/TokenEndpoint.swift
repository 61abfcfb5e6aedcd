import AsyncHTTPClient
import FoundationEssentials
import Glibc
import NIOCore
import NIOHTTP1

/// Gets access tokens for a pipeline's credentials.
struct TokenEndpoint: Sendable {
    static let scope = "https://www.googleapis.com/auth/drive.readonly"
    static let googleAddress = "https://oauth2.googleapis.com/token"
    private static let answerLimit = 1 << 20
    private static let timeout = TimeAmount.seconds(60)

    private struct Grant: Decodable {
        var accessToken: String
        /// Seconds.
        var expiresIn: Int?

        private enum CodingKeys: String, CodingKey {
            case accessToken = "access_token"
            case expiresIn = "expires_in"
        }
    }

    private enum Login: Sendable {
        case assertion(ServiceAccountAssertion, audience: String)
        case refresh(GoogleCredentials.UserLogin)
    }

    private let address: String
    private let login: Login
    private let path: String
    /// Who logs in, for errors.
    private let account: String
    private let pacer: SharedPacer

    /// - Parameters:
    ///   - credentials: What the file holds.
    ///   - path: The file, for errors.
    ///   - subject: The person that a service account acts for.
    ///   - address: Where to ask; nil is what the file says.
    ///   - pacer: Slows down together with all other requests.
    /// - Throws: `.badKey`, `.subjectWithoutServiceAccount`.
    init(
        credentials: GoogleCredentials,
        path: String,
        subject: String?,
        address: String?,
        pacer: SharedPacer
    ) throws(CredentialsError) {
        self.path = path
        self.pacer = pacer
        let ownAddress = credentials.tokenURI ?? Self.googleAddress
        self.address = address ?? ownAddress
        switch credentials {
        case .serviceAccount(let key):
            let assertion = try ServiceAccountAssertion(key: key, subject: subject, path: path)
            self.login = .assertion(assertion, audience: ownAddress)
            self.account = subject.map { "\(key.clientEmail)' for '\($0)" } ?? key.clientEmail
        case .user(let login):
            guard subject == nil else { throw .subjectWithoutServiceAccount(path: path) }
            self.login = .refresh(login)
            self.account = "the person who logged in"
        }
    }

    /// Asks for a token.
    ///
    /// - Throws: `CredentialsError.refused` when only a person can help, `DriveError` when waiting may.
    func token() async throws -> (token: String, lifetime: Duration) {
        try await self.pacer.turn()
        let (status, body, retryAfter) = try await self.answer()
        guard status != 200 else {
            self.pacer.succeeded()
            guard let grant = try? JSONDecoder().decode(Grant.self, from: body) else {
                throw DriveError.unreadableAnswer("token")
            }
            return (grant.accessToken, .seconds(max(0, min(grant.expiresIn ?? 3_600, 86_400))))
        }
        let refusal = DriveRefusal(status: status, body: body)
        guard refusal.isTransient else {
            let reason = refusal.reason ?? "status \(status)"
            throw CredentialsError.refused(path: self.path, account: self.account, reason: reason)
        }
        self.pacer.refused(retryAfter: retryAfter)
        throw DriveError.unreachable("the token endpoint answers with status \(status)")
    }

    private func answer() async throws -> (status: Int, body: Data, retryAfter: Duration?) {
        var request = HTTPClientRequest(url: self.address)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        request.headers.add(name: "User-Agent", value: "corpusd")
        request.body = .bytes(ByteBuffer(string: Self.form(try self.parameters)))
        do {
            let response = try await HTTPClient.google.execute(request, timeout: Self.timeout)
            let body = try await response.body.collect(upTo: Self.answerLimit)
            let retryAfter = Duration(retryAfter: response.headers.first(name: "Retry-After"), now: time(nil))
            return (Int(response.status.code), Data(body.readableBytesView), retryAfter)
        } catch {
            try Task.checkCancellation()
            self.pacer.refused(retryAfter: nil)
            throw DriveError.unreachable("the token endpoint does not answer: \(DriveConnection.reason(error))")
        }
    }

    private var parameters: [(name: String, value: String)] {
        get throws {
            switch self.login {
            case .assertion(let assertion, let audience):
                let signed = try assertion.signed(scope: Self.scope, audience: audience, time: time(nil))
                return [("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", signed)]
            case .refresh(let login):
                return [
                    ("grant_type", "refresh_token"), ("refresh_token", login.refreshToken),
                    ("client_id", login.clientID), ("client_secret", login.clientSecret),
                ]
            }
        }
    }

    static func form(_ parameters: [(name: String, value: String)]) -> String {
        parameters.map { "\($0.name)=\(DriveRequest.encoded($0.value))" }.joined(separator: "&")
    }
}
