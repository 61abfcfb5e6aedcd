package import SocketIO

/// A namespace, and what happens in it.
///
/// All closures run on the socket's event loop and must not block; they may call anything of `SocketServer`.
package struct SocketNamespace: Sendable {
    /// With its leading slash.
    package let name: String
    let authorise: @Sendable (ConnectRequest) -> ConnectDecision
    let mayReturn: @Sendable (ConnectRequest) -> Bool
    let connected: @Sendable (Socket, ConnectRequest) -> Void
    let event: @Sendable (Socket, SocketEvent) -> Void
    let disconnected: @Sendable (Socket, DisconnectReason) -> Void

    /// Declares a namespace.
    ///
    /// - Parameters:
    ///   - name: With its leading slash; "/" is the one clients join unless told otherwise.
    ///   - authorise: Whether a client may join.
    ///   - mayReturn: Whether a client that may join gets back the rooms that the request names, and what was said in
    ///     them; if not, it joins afresh.
    ///   - connected: A client joined, and has been told so: what is emitted from here on reaches it after that.
    ///   - event: A client sent an event.
    ///   - disconnected: A client left; nothing reaches it any more.
    package init(
        _ name: String,
        authorise: @escaping @Sendable (ConnectRequest) -> ConnectDecision = { _ in .accept },
        mayReturn: @escaping @Sendable (ConnectRequest) -> Bool = { _ in true },
        connected: @escaping @Sendable (Socket, ConnectRequest) -> Void = { _, _ in },
        event: @escaping @Sendable (Socket, SocketEvent) -> Void = { _, _ in },
        disconnected: @escaping @Sendable (Socket, DisconnectReason) -> Void = { _, _ in }
    ) {
        self.name = name
        self.authorise = authorise
        self.mayReturn = mayReturn
        self.connected = connected
        self.event = event
        self.disconnected = disconnected
    }
}
