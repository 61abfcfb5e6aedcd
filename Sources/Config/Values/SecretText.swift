import Glibc

extension Config.SecretPlace {
    /// The longest secret that is taken, in bytes.
    package static let longestSecret = 4_096

    /// Reads the secret; blocks.
    ///
    /// - Parameter kind: What the secret is for.
    /// - Returns: Its bytes without the white space around them.
    /// - Throws: `SecretProblem`, which never quotes the secret.
    package func readSecret(_ kind: SecretKind = .token) throws(SecretProblem) -> [UInt8] {
        let path = try self.path()
        let bytes: [UInt8]
        do {
            bytes = try FileText.read(path, limit: Self.longestSecret + 1)
        } catch {
            throw .unreadable(kind, path: path)
        }
        let isSpace = { (byte: UInt8) in [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
        let trimmed = bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        guard trimmed.count >= kind.shortest else { throw .tooShort(kind, path: path) }
        guard trimmed.count <= Self.longestSecret, trimmed.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .unusable(kind, path: path)
        }
        return Array(trimmed)
    }

    private func path() throws(SecretProblem) -> String {
        switch self {
        case .file(let path): return path
        case .credential(let name):
            guard let directory = getenv("CREDENTIALS_DIRECTORY") else { throw .noCredentials(name: name) }
            return "\(String(cString: directory))/\(name)"
        }
    }
}

/// What a secret is for: it decides what can be one, and what a person is told to do about it.
package enum SecretKind: Sendable {
    /// Lets people and programs in here; made by whoever runs the daemon.
    case token
    /// Lets the daemon in elsewhere; made by who runs the other service.
    case apiKey

    /// The shortest that is taken, in bytes: what somebody could guess is no token.
    var shortest: Int {
        switch self {
        case .token: 16
        case .apiKey: 1
        }
    }

    fileprivate var noun: String {
        switch self {
        case .token: "token"
        case .apiKey: "API key"
        }
    }

    fileprivate var advice: String {
        switch self {
        case .token: "make one with 'openssl rand -hex 32'"
        case .apiKey: "write the key of the embedding service into it, and nothing else"
        }
    }
}

/// Why a secret cannot be used: what failed, why, and what to do about it.
package enum SecretProblem: Error, Equatable, CustomStringConvertible {
    case unreadable(SecretKind, path: String)
    case tooShort(SecretKind, path: String)
    case unusable(SecretKind, path: String)
    case noCredentials(name: String)

    package var description: String {
        switch self {
        case .unreadable(.token, let path):
            "cannot read the token in '\(path)': it is missing or closed to this user; "
                + "create it with 'openssl rand -hex 32' and let the service's user read it"
        case .unreadable(let kind, let path):
            "cannot read the \(kind.noun) in '\(path)': it is missing or closed to this user; "
                + "\(kind.advice), and let the service's user read it"
        case .tooShort(let kind, let path):
            kind.shortest == 1
                ? "cannot use the \(kind.noun) in '\(path)': it is empty; \(kind.advice)"
                : "cannot use the \(kind.noun) in '\(path)': it has less than \(kind.shortest) characters; "
                    + kind.advice
        case .unusable(let kind, let path):
            "cannot use the \(kind.noun) in '\(path)': it is not one word of printable ASCII; \(kind.advice)"
        case .noCredentials(let name):
            "cannot read the credential '\(name)': systemd passes none on; "
                + "add 'LoadCredential=\(name):PATH' to the unit, or name a file"
        }
    }
}
