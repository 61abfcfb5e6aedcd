import Connectors
import FoundationEssentials
import Glibc
import NIOPosix

/// Logs a person in to Google for a Drive pipeline, for the command.
package struct GoogleLoginDesk: Sendable {
    private let login: GoogleLogin

    /// Begins to listen for the browser.
    ///
    /// - Parameters:
    ///   - path: The path of the OAuth client's file.
    ///   - port: Where the browser comes back to on this machine; 0 is any that is free.
    /// - Throws: `GoogleLoginError`; when the port is taken.
    package init(client path: String, port: Int) async throws {
        let bytes = try await NIOThreadPool.singleton.runIfActive {
            do {
                return try Data(contentsOf: URL(filePath: path))
            } catch {
                let reason = "it is missing, or this user may not read it"
                throw GoogleLoginError.unreadableClient(path: path, reason: reason)
            }
        }
        self.login = try await GoogleLogin(client: bytes, path: path, port: port)
    }

    /// The page on which the person consents.
    package var consentPage: String { self.login.consentPage }

    /// Waits for the person and writes the token file, readable by this user only.
    ///
    /// - Throws: `GoogleLoginError`.
    package func finish(output path: String) async throws {
        let file = try await self.login.tokenFile()
        try await NIOThreadPool.singleton.runIfActive { try Self.write(file, to: path) }
    }

    /// Replaces a file in one step; nobody else can read it at any time.
    private static func write(_ data: Data, to path: String) throws(GoogleLoginError) {
        let temporary = "\(path).\(getpid()).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unwritable(path: path, reason: String(cString: strerror(errno))) }
        var rest = [UInt8](data)[...]
        var code: CInt = 0
        while !rest.isEmpty, code == 0 {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 { code = errno == EINTR ? 0 : errno } else { rest = rest.dropFirst(count) }
        }
        if code == 0, fsync(descriptor) != 0 { code = errno }
        close(descriptor)
        if code == 0, rename(temporary, path) != 0 { code = errno }
        guard code == 0 else {
            unlink(temporary)
            throw .unwritable(path: path, reason: String(cString: strerror(code)))
        }
    }
}
