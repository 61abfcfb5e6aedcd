/// The revisions of Engine.IO that are spoken; the raw value is the `EIO` query parameter.
package enum ProtocolVersion: String, Sendable, CaseIterable {
    /// Clients of Socket.IO 1.x and 2.x: length-prefixed payloads, and the client pings.
    case v3 = "3"
    /// Clients of Socket.IO 3.x and 4.x.
    case v4 = "4"
}
