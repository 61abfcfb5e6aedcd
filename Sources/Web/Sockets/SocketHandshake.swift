package import EngineIO

/// The request a client came with.
package struct SocketHandshake: Sendable {
    /// Its headers, in order.
    package let headers: [(name: String, value: String)]
    /// Its query parameters, decoded.
    package let query: [String: String]
    /// The client's address; a proxy's if there is one.
    package let remoteAddress: String?
    /// The transport it began with.
    package let transport: Transport

    /// The first header of a name, in any case.
    package func header(_ name: String) -> String? {
        self.headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
