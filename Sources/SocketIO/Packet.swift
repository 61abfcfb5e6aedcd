/// One Socket.IO v5 packet from a client, attachments in their places.
///
/// As text it is `<type>[<attachments>-][<namespace>,][<id>][<JSON>]`: `2/chat,7["say","hi"]`.
/// Source: socket.io-protocol v5, "Packet encoding".
package struct Packet: Equatable, Sendable {
    /// What the packet is about.
    package enum Content: Equatable, Sendable {
        /// Join the namespace; the payload is an object or absent.
        case connect(auth: JSONValue?)
        /// Leave the namespace.
        case disconnect
        /// An event; with an id the client wants an answer.
        case event(name: String, arguments: [JSONValue], id: Int?)
        /// The answer to an event of the server.
        case acknowledgement(arguments: [JSONValue], id: Int)
    }

    package let namespace: String
    package let content: Content

    /// Puts a packet together.
    ///
    /// - Parameters:
    ///   - namespace: With its leading slash.
    ///   - content: What it is about.
    package init(namespace: String = "/", content: Content) {
        self.namespace = namespace
        self.content = content
    }
}
