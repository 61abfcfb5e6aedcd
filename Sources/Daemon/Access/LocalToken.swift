package import Config
import Glibc
import Storage

/// The token by which commands on this machine control the daemon without anything to configure.
///
/// A file beside the database that only the service's user and root can read; made at the first start, and worth
/// nothing from another machine.
package enum LocalToken {
    private static let name = "control-token"

    /// Where the token of a configuration is.
    package static func path(for config: Config) -> String {
        let database = config.store.path
        let directory = database.lastIndex(of: "/").map { database[...$0] } ?? "./"
        return directory + Self.name
    }

    /// Reads the token; blocks.
    ///
    /// - Throws: `SecretProblem` when there is none that this user may read.
    package static func read(for config: Config) throws(SecretProblem) -> [UInt8] {
        try Config.SecretPlace.file(Self.path(for: config)).readSecret()
    }

    /// Reads the token, or makes one; blocks.
    ///
    /// - Throws: `SecretProblem` when it can be neither.
    static func readOrMake(for config: Config) throws(SecretProblem) -> [UInt8] {
        if let token = try? Self.read(for: config) { return token }
        let path = Self.path(for: config)
        // What is there and cannot be used is an old or broken one; what replaces it is whole or not there.
        let draft = path + ".new"
        // At the very first start there is no folder yet; the database, which comes later, says what is wrong with it.
        try? StoreFile.makeDirectories(above: path)
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .unreadable(.token, path: path) }
        let token = Self.random()
        let written = write(file, token + [0x0A], token.count + 1)
        close(file)
        guard written == token.count + 1, rename(draft, path) == 0 else {
            unlink(draft)
            throw .unreadable(.token, path: path)
        }
        return token
    }

    /// 256 bits of the system's randomness in hexadecimal digits.
    private static func random() -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        var generator = SystemRandomNumberGenerator()
        return (0..<64).map { _ in digits[Int.random(in: 0..<16, using: &generator)] }
    }
}
