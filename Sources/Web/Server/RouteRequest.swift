/// A request for a route or a file, as far as it has to be known to let it in.
package struct RouteRequest: Sendable {
    /// In capitals, as it was sent.
    package let method: String
    /// What stands before the question mark, undecoded; the base path is gone.
    package let path: String
    /// The client's address, as a trusted proxy says it if one stands between; empty if the connection has none.
    package let remoteAddress: String
    /// Whether a proxy says that it speaks for somebody else, be it trusted or not.
    package let isForwarded: Bool
    /// Whether both ends of the connection have the same address, as they do within a machine.
    package let isFromOwnAddress: Bool
    private let headers: [(name: String, value: String)]

    init(
        method: String, path: String, remoteAddress: String, isForwarded: Bool, isFromOwnAddress: Bool,
        headers: [(name: String, value: String)]
    ) {
        self.method = method
        self.path = path
        self.remoteAddress = remoteAddress
        self.isForwarded = isForwarded
        self.isFromOwnAddress = isFromOwnAddress
        self.headers = headers
    }

    /// The first header of a name, in any case.
    package func header(_ name: String) -> String? {
        self.headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// The answer to a request that is not let in.
package struct RouteRefusal: Sendable {
    package var status: Int
    /// With the content type.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Decides which requests for routes and files are let in; nil lets one in.
///
/// Called on the connection's event loop before anything of the body has been read; must not block.
package typealias RouteGate = @Sendable (RouteRequest) -> RouteRefusal?
