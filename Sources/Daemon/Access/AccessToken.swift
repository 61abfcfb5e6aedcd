import Crypto

/// A secret, kept as its hash alone, and what it allows.
package struct AccessToken: Sendable {
    /// What the log calls it.
    package let name: String
    package let grant: Grant
    /// Whether it is worth nothing from another machine.
    package let isLocal: Bool
    private let digest: [UInt8]

    /// - Parameters:
    ///   - name: What the log calls it.
    ///   - secret: Forgotten once it is hashed.
    ///   - grant: What it allows.
    ///   - isLocal: Whether it is worth nothing from another machine.
    package init(name: String, secret: some Sequence<UInt8>, grant: Grant, isLocal: Bool = false) {
        self.name = name
        self.grant = grant
        self.isLocal = isLocal
        self.digest = Self.digest(of: secret)
    }

    /// All of it in a line, with the hash of its secret; for a digest, not for anybody to read.
    var summary: String { "\(self.name) \(self.isLocal) \(self.digest) \(self.grant.summary)" }

    /// Whether this is the token; takes the same time whatever the difference is.
    func matches(_ digest: [UInt8]) -> Bool {
        guard digest.count == self.digest.count else { return false }
        return zip(digest, self.digest).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// SHA-256: tokens are long random words, so a slow hash would protect nothing more.
    static func digest(of secret: some Sequence<UInt8>) -> [UInt8] { Array(SHA256.hash(data: Array(secret))) }
}
