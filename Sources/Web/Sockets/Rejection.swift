import EngineIO

/// Why a request to the endpoint was turned away; the raw value is a metrics label.
package enum Rejection: String, Sendable, CaseIterable {
    case unknownTransport = "unknown_transport"
    case unknownSession = "unknown_session"
    case badHandshakeMethod = "bad_handshake_method"
    case badRequest = "bad_request"
    /// A page of a foreign origin, or a foreign name for this server.
    case forbidden
    case unsupportedVersion = "unsupported_version"
    case payloadTooLarge = "payload_too_large"
    case tooManyConnections = "too_many_connections"
    case tooManyConnectionsOfAddress = "too_many_connections_of_address"
    /// A new client of a server that is stopping.
    case stopping

    /// What one of the protocol's errors counts as.
    init(_ error: RequestError) {
        self =
            switch error {
            case .unknownTransport: .unknownTransport
            case .unknownSession: .unknownSession
            case .badHandshakeMethod: .badHandshakeMethod
            case .badRequest: .badRequest
            case .forbidden: .forbidden
            case .unsupportedVersion: .unsupportedVersion
            }
    }
}
