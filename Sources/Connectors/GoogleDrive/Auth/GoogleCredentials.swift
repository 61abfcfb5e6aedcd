package import FoundationEssentials

/// What proves who the pipeline is: the contents of a key file of Google Cloud, or of what `google-login` wrote.
package enum GoogleCredentials: Sendable {
    case serviceAccount(ServiceAccountKey)
    case user(UserLogin)

    /// A service account's key.
    package struct ServiceAccountKey: Sendable, Decodable {
        package var clientEmail: String
        package var privateKey: String
        package var privateKeyID: String?
        package var tokenURI: String?

        private enum CodingKeys: String, CodingKey {
            case clientEmail = "client_email"
            case privateKey = "private_key"
            case privateKeyID = "private_key_id"
            case tokenURI = "token_uri"
        }
    }

    /// A person's consent, as Google's own libraries keep it (`authorized_user`).
    package struct UserLogin: Sendable, Codable {
        package var type = "authorized_user"
        package var clientID: String
        package var clientSecret: String
        package var refreshToken: String
        package var tokenURI: String?

        private enum CodingKeys: String, CodingKey {
            case type
            case clientID = "client_id"
            case clientSecret = "client_secret"
            case refreshToken = "refresh_token"
            case tokenURI = "token_uri"
        }

        package init(clientID: String, clientSecret: String, refreshToken: String, tokenURI: String?) {
            self.clientID = clientID
            self.clientSecret = clientSecret
            self.refreshToken = refreshToken
            self.tokenURI = tokenURI
        }
    }

    private struct Kind: Decodable {
        var type: String?
    }

    /// Reads a file's bytes.
    ///
    /// - Parameters:
    ///   - json: The file.
    ///   - path: Its name, for errors.
    /// - Throws: `.malformed`, `.unknownType`.
    package init(json: Data, path: String) throws(CredentialsError) {
        let decoder = JSONDecoder()
        do {
            switch try decoder.decode(Kind.self, from: json).type {
            case "service_account": self = .serviceAccount(try decoder.decode(ServiceAccountKey.self, from: json))
            case "authorized_user": self = .user(try decoder.decode(UserLogin.self, from: json))
            case nil: throw CredentialsError.unknownType(path: path, type: nil)
            case let type?: throw CredentialsError.unknownType(path: path, type: String(type.prefix(32)))
            }
        } catch let error as CredentialsError {
            throw error
        } catch {
            throw .malformed(path: path)
        }
    }

    /// Where tokens are had, as the file says.
    package var tokenURI: String? {
        switch self {
        case .serviceAccount(let key): key.tokenURI
        case .user(let login): login.tokenURI
        }
    }
}
