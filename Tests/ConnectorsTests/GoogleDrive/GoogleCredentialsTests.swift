import Connectors
import CryptoExtras
import Foundation
import Testing

@Suite("Google credentials")
struct GoogleCredentialsTests {
    private static let key = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }

    private func credentials(_ json: String) throws(CredentialsError) -> GoogleCredentials {
        try GoogleCredentials(json: Data(json.utf8), path: "key.json")
    }

    private func decoded(_ part: Substring) throws -> Data {
        let text = part.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        return try #require(Data(base64Encoded: text + String(repeating: "=", count: (4 - text.count % 4) % 4)))
    }

    @Test func assertionIsSignedAndSaysWhoWhatAndWhere() throws {
        let key = try Self.key.get()
        let fields = [
            "type": "service_account", "client_email": "a@b", "private_key": key.pemRepresentation,
            "private_key_id": "k1", "token_uri": "https://t",
        ]
        let json = try JSONSerialization.data(withJSONObject: fields)
        guard case .serviceAccount(let account) = try GoogleCredentials(json: json, path: "key.json") else {
            throw CredentialsError.badKey(path: "key.json")
        }
        let assertion = try ServiceAccountAssertion(key: account, subject: "p@b", path: "key.json")
            .signed(scope: "s", audience: "https://t", time: 1_000)
        let parts = assertion.split(separator: ".")
        try #require(parts.count == 3)
        #expect(try self.decoded(parts[0]) == Data(#"{"alg":"RS256","kid":"k1","typ":"JWT"}"#.utf8))
        #expect(
            try self.decoded(parts[1])
                == Data(#"{"aud":"https://t","exp":4600,"iat":1000,"iss":"a@b","scope":"s","sub":"p@b"}"#.utf8)
        )
        let signature = _RSA.Signing.RSASignature(rawRepresentation: try self.decoded(parts[2]))
        let signed = Data("\(parts[0]).\(parts[1])".utf8)
        #expect(key.publicKey.isValidSignature(signature, for: signed, padding: .insecurePKCS1v1_5))
    }

    @Test func aKeyThatIsNoneIsRefusedWithoutShowingIt() throws {
        let key = GoogleCredentials.ServiceAccountKey.self
        let account = try JSONDecoder().decode(
            key, from: Data(#"{"client_email": "a@b", "private_key": "topsecret"}"#.utf8)
        )
        let error = #expect(throws: CredentialsError.self) {
            try ServiceAccountAssertion(key: account, subject: nil, path: "key.json")
        }
        #expect(error == .badKey(path: "key.json"))
        #expect(error?.description.contains("topsecret") == false)
    }

    @Test(arguments: [
        ("{}", CredentialsError.unknownType(path: "key.json", type: nil)),
        (#"{"type": "external_account"}"#, .unknownType(path: "key.json", type: "external_account")),
        (#"{"type": "service_account"}"#, .malformed(path: "key.json")),
        ("private", .malformed(path: "key.json")),
    ])
    func aFileThatIsNoCredentialsSaysWhatIsNeeded(_ json: String, _ expected: CredentialsError) {
        #expect(throws: expected) { try self.credentials(json) }
    }
}
