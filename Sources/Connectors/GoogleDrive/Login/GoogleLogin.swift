import AsyncHTTPClient
import Crypto
package import FoundationEssentials
import NIOCore
import NIOHTTP1

/// Logs a person in with the browser, and gets the refresh token that a pipeline lives on.
///
/// The loopback flow with proof of possession; the flow for devices without a browser does not give access to Drive.
/// Source: "OAuth 2.0 for iOS & Desktop Apps", Google; RFC 8252, RFC 7636.
package struct GoogleLogin: Sendable {
    /// An OAuth client of the type "Desktop app".
    private struct ClientFile: Decodable {
        struct Client: Decodable {
            var clientID: String
            var clientSecret: String
            var authURI: String?
            var tokenURI: String?

            private enum CodingKeys: String, CodingKey {
                case clientID = "client_id"
                case clientSecret = "client_secret"
                case authURI = "auth_uri"
                case tokenURI = "token_uri"
            }
        }

        var installed: Client
    }

    private struct Grant: Decodable {
        var refreshToken: String?

        private enum CodingKeys: String, CodingKey { case refreshToken = "refresh_token" }
    }

    private static let answerLimit = 1 << 20

    private let client: ClientFile.Client
    private let listener: LoopbackListener
    private let state = Self.random()
    private let verifier = Self.random()

    /// Begins to listen for the browser.
    ///
    /// - Parameters:
    ///   - client: The bytes of the client's file.
    ///   - path: Its name, for errors.
    ///   - port: Where the browser comes back to on this machine; 0 is any that is free.
    /// - Throws: `GoogleLoginError.noClient`; when the port is taken.
    package init(client: Data, path: String, port: Int) async throws {
        guard let file = try? JSONDecoder().decode(ClientFile.self, from: client) else {
            throw GoogleLoginError.noClient(path: path)
        }
        self.client = file.installed
        self.listener = try await LoopbackListener(port: port)
    }

    /// The page on which the person consents.
    package var consentPage: String {
        let digest = Data(SHA256.hash(data: Data(self.verifier.utf8)))
        let parameters = [
            ("client_id", self.client.clientID), ("redirect_uri", self.listener.address), ("response_type", "code"),
            ("scope", TokenEndpoint.scope), ("access_type", "offline"), ("prompt", "consent"), ("state", self.state),
            ("code_challenge", ServiceAccountAssertion.base64URL(digest)), ("code_challenge_method", "S256"),
        ]
        let page = self.client.authURI ?? "https://accounts.google.com/o/oauth2/auth"
        return "\(page)?\(TokenEndpoint.form(parameters))"
    }

    /// Waits for the person, and changes Google's code for a refresh token.
    ///
    /// - Returns: The contents of the token file; a secret.
    package func tokenFile() async throws -> Data {
        let parameters = try await self.listener.parameters(state: self.state)
        guard let code = parameters["code"] else {
            let reason = parameters["error"].map { String($0.filter { $0.isLetter || $0 == "_" }.prefix(64)) }
            throw GoogleLoginError.denied(reason: reason ?? "no code")
        }
        let (status, body) = try await self.exchange(code)
        guard status == 200, let grant = try? JSONDecoder().decode(Grant.self, from: body) else {
            let refusal = DriveRefusal(status: status, body: body)
            throw GoogleLoginError.denied(reason: refusal.reason ?? "status \(status)")
        }
        guard let refreshToken = grant.refreshToken else { throw GoogleLoginError.noRefreshToken }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(
            GoogleCredentials.UserLogin(
                clientID: self.client.clientID,
                clientSecret: self.client.clientSecret,
                refreshToken: refreshToken,
                tokenURI: self.client.tokenURI
            )
        )
    }

    private func exchange(_ code: String) async throws -> (status: Int, body: Data) {
        var request = HTTPClientRequest(url: self.client.tokenURI ?? TokenEndpoint.googleAddress)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        let parameters = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", self.listener.address),
            ("client_id", self.client.clientID), ("client_secret", self.client.clientSecret),
            ("code_verifier", self.verifier),
        ]
        request.body = .bytes(ByteBuffer(string: TokenEndpoint.form(parameters)))
        do {
            let response = try await HTTPClient.google.execute(request, timeout: .seconds(60))
            let body = try await response.body.collect(upTo: Self.answerLimit)
            return (Int(response.status.code), Data(body.readableBytesView))
        } catch {
            throw GoogleLoginError.unreachable(reason: DriveConnection.reason(error))
        }
    }

    /// 256 bits that nobody can guess.
    private static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return ServiceAccountAssertion.base64URL(Data(bytes))
    }
}
