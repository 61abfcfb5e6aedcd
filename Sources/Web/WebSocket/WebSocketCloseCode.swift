/// What a close frame says; RFC 6455 section 7.4.
package enum WebSocketCloseCode: UInt16, Sendable {
    case normalClosure = 1000
    case goingAway = 1001
    case protocolError = 1002
    case invalidText = 1007
    case policyViolation = 1008
    case messageTooBig = 1009

    /// A client that does not read: there is no better code.
    static let slowClient = Self.policyViolation
}
