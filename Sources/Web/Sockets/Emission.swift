import SocketIO

/// An event on its way to the sockets of a namespace.
struct Emission: Sendable {
    let namespace: String
    let recipients: Recipients
    /// Who does not get it, though among the recipients.
    let except: [SocketID]
    /// Whether it may be dropped where too much waits already.
    let isVolatile: Bool
    let message: WireMessage
}
