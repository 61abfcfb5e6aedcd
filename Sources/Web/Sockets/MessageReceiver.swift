package import EngineIO

/// What a server of plain Engine.IO does with the messages of its clients.
package struct MessageReceiver: Sendable {
    let received: @Sendable (EngineClient, Message) -> Void

    /// Declares what happens to messages.
    ///
    /// - Parameter received: A client sent a message; runs on the client's event loop and must not block.
    package init(received: @escaping @Sendable (EngineClient, Message) -> Void) { self.received = received }
}

/// A handle on one client of a server of plain Engine.IO; what is sent to a client that left is lost.
package struct EngineClient: Sendable {
    let sid: Identifier
    let server: SocketServer

    /// Sends a message.
    package func send(_ message: Message) { self.server.send(message, to: self.sid) }
}
