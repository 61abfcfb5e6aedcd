import SocketIO

/// An event on its way to the sockets of a namespace.
struct Emission: Sendable {
    let namespace: String
    let audience: Audience
    /// Whether it may be dropped where too much waits already.
    let isVolatile: Bool
    /// What most clients get: with its offset, if it was recorded.
    let message: WireMessage
    /// The packet without its offset, for clients that cannot come back; nil if it was not recorded.
    var plain: EncodedPacket?
    /// Its place in the log; 0 if it was not recorded.
    var sequence = 0
}
