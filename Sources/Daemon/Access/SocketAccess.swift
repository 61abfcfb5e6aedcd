import Ingest
import SocketIO
package import Web

extension AccessControl {
    /// Whether a client may join a namespace, by its `auth.token` or its `Authorization` header.
    ///
    /// A refusal carries `status`, as HTTP would have it, so that a page knows whether to ask for a token.
    package func decision(_ request: ConnectRequest) -> ConnectDecision {
        switch self.verdict(for: .read, token: Self.token(of: request), from: Self.client(of: request)) {
        case .granted: .accept
        case .missing: .refuse(message: "send a token as 'auth.token'", data: ["status": 401])
        case .wrong: .refuse(message: "this token is not known here", data: ["status": 401, "invalid": true])
        case .forbidden: .refuse(message: "this token may not read", data: ["status": 403])
        case .tooManyAttempts(let seconds):
            .refuse(message: "too many wrong tokens", data: ["status": 429, "retry_after": .int(seconds)])
        }
    }

    /// What a client may do that has joined.
    func grant(of request: ConnectRequest) -> Grant { self.grant(ofAdmitted: Self.token(of: request)) }

    private static func token(of request: ConnectRequest) -> String? {
        request.auth?["token"]?.string ?? self.bearer(request.handshake.header("authorization"))
    }

    private static func client(of request: ConnectRequest) -> Client {
        Client(
            address: request.handshake.remoteAddress, isForwarded: request.handshake.isForwarded,
            isFromOwnAddress: request.handshake.isFromOwnAddress)
    }
}
