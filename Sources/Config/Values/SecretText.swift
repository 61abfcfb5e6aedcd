import Glibc

extension Config.Server.Auth.Token.Place {
    /// The shortest secret that is taken, in bytes: what somebody could guess is none.
    package static let shortestSecret = 16
    /// The longest, in bytes.
    package static let longestSecret = 4_096

    /// Reads the secret; blocks.
    ///
    /// - Returns: Its bytes without the white space around them.
    /// - Throws: `SecretProblem`, which never quotes the secret.
    package func readSecret() throws(SecretProblem) -> [UInt8] {
        let path = try self.path()
        let bytes: [UInt8]
        do {
            bytes = try FileText.read(path, limit: Self.longestSecret + 1)
        } catch {
            throw .unreadable(path: path)
        }
        let isSpace = { (byte: UInt8) in [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
        let trimmed = bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        guard trimmed.count >= Self.shortestSecret else { throw .tooShort(path: path) }
        guard trimmed.count <= Self.longestSecret, trimmed.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .unusable(path: path)
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

/// Why a secret cannot be used: what failed, why, and what to do about it.
package enum SecretProblem: Error, Equatable, CustomStringConvertible {
    case unreadable(path: String)
    case tooShort(path: String)
    case unusable(path: String)
    case noCredentials(name: String)

    package var description: String {
        switch self {
        case .unreadable(let path):
            "cannot read the token in '\(path)': it is missing or closed to this user; "
                + "create it with 'openssl rand -hex 32' and let the service's user read it"
        case .tooShort(let path):
            "cannot use the token in '\(path)': it has less than \(Config.Server.Auth.Token.Place.shortestSecret) "
                + "characters; make one with 'openssl rand -hex 32'"
        case .unusable(let path):
            "cannot use the token in '\(path)': it is not one word of printable ASCII; "
                + "make one with 'openssl rand -hex 32'"
        case .noCredentials(let name):
            "cannot read the credential '\(name)': systemd passes none on; "
                + "add 'LoadCredential=\(name):PATH' to the unit, or name a 'file'"
        }
    }
}
