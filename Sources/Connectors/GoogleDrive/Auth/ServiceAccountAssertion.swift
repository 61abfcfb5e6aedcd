import Crypto
import CryptoExtras
import FoundationEssentials

/// Signs what a service account shows to get a token: a JSON web token, RS256.
///
/// Source: "Using OAuth 2.0 for Server to Server Applications", Google.
package struct ServiceAccountAssertion: Sendable {
    /// How long Google may take it, in seconds; more is refused.
    private static let lifetime = 3_600

    private struct Header: Encodable {
        var alg = "RS256"
        var kid: String?
        var typ = "JWT"
    }

    private struct Claims: Encodable {
        var iss: String
        var scope: String
        var aud: String
        var iat: Int
        var exp: Int
        var sub: String?
    }

    private let key: _RSA.Signing.PrivateKey
    private let keyID: String?
    private let issuer: String
    private let subject: String?

    /// - Parameters:
    ///   - key: Of the key file.
    ///   - subject: The person to act for, where the domain allows it.
    ///   - path: The key file, for errors.
    /// - Throws: `.badKey`.
    package init(
        key: GoogleCredentials.ServiceAccountKey,
        subject: String?,
        path: String
    ) throws(CredentialsError) {
        do {
            self.key = try _RSA.Signing.PrivateKey(pemRepresentation: key.privateKey)
        } catch {
            throw .badKey(path: path)
        }
        self.keyID = key.privateKeyID
        self.issuer = key.clientEmail
        self.subject = subject
    }

    /// The assertion for one request.
    ///
    /// - Parameters:
    ///   - scope: What is asked for.
    ///   - audience: The token endpoint of the key file.
    ///   - time: Seconds since 1970.
    /// - Returns: Three parts of base 64, joined by dots.
    /// - Throws: When signing fails.
    package func signed(scope: String, audience: String, time: Int) throws -> String {
        let claims = Claims(
            iss: self.issuer,
            scope: scope,
            aud: audience,
            iat: time,
            exp: time + Self.lifetime,
            sub: self.subject
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let header = Self.base64URL(try encoder.encode(Header(kid: self.keyID)))
        let body = "\(header).\(Self.base64URL(try encoder.encode(claims)))"
        let signature = try self.key.signature(for: Data(body.utf8), padding: .insecurePKCS1v1_5)
        return "\(body).\(Self.base64URL(signature.rawRepresentation))"
    }

    /// Base 64 for addresses, without padding.
    static func base64URL(_ data: Data) -> String {
        var text = ""
        for character in data.base64EncodedString() {
            switch character {
            case "+": text.append("-")
            case "/": text.append("_")
            case "=": break
            default: text.append(character)
            }
        }
        return text
    }
}
