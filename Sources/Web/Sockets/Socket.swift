package import SocketIO

/// A handle on one client in one namespace; what it does to a socket that left is nothing.
package struct Socket: Sendable {
    package let id: SocketID
    package let namespace: String
    package let server: SocketServer

    /// Sends an event to this client alone.
    package func emit(_ event: String, _ payload: EventPayload = .none) {
        self.server.emit(event, payload, namespace: self.namespace, to: .socket(self.id))
    }

    /// Sends an event that the client has to answer; the closure runs once, on an event loop.
    package func emit(
        _ event: String,
        _ payload: EventPayload,
        timeout: Duration,
        acknowledged: @escaping @Sendable (Result<[JSONValue], AcknowledgementError>) -> Void
    ) {
        self.server.emit(event, payload, to: self.id, timeout: timeout, acknowledged: acknowledged)
    }

    /// Puts the socket into rooms.
    package func join(_ rooms: [String]) { self.server.join(rooms, self.id) }

    /// Takes the socket out of rooms.
    package func leave(_ rooms: [String]) { self.server.leave(rooms, self.id) }

    /// Puts the socket out of its namespace, or ends its connection.
    package func disconnect(closingConnection: Bool = false) {
        self.server.disconnect(self.id, closingConnection: closingConnection)
    }
}
