package import SocketIO

/// An event from a client.
package struct SocketEvent: Sendable {
    package let name: String
    package let arguments: [JSONValue]
    /// Where to answer; nil when the client asked for no answer.
    package let acknowledgement: Acknowledgement?
}
