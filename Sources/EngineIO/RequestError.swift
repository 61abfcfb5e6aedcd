/// Why a request to the endpoint is refused; the raw value is the code the client gets.
///
/// Source: the reference server's `Server.errorMessages`; clients show the message to their users.
package enum RequestError: Int, Error, CaseIterable {
    case unknownTransport = 0
    case unknownSession = 1
    case badHandshakeMethod = 2
    case badRequest = 3
    case forbidden = 4
    case unsupportedVersion = 5

    /// The text that goes with the code.
    package var message: String {
        switch self {
        case .unknownTransport: "Transport unknown"
        case .unknownSession: "Session ID unknown"
        case .badHandshakeMethod: "Bad handshake method"
        case .badRequest: "Bad request"
        case .forbidden: "Forbidden"
        case .unsupportedVersion: "Unsupported protocol version"
        }
    }

    /// The body of the answer.
    package var json: String { "{\"code\":\(self.rawValue),\"message\":\"\(self.message)\"}" }

    /// The HTTP status of the answer.
    package var status: Int { self == .forbidden ? 403 : 400 }
}
