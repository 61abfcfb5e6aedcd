package import EngineIO

/// The request a client came with, kept as one text because most clients are never asked about it again.
package struct SocketHandshake: Sendable {
    /// The query, and a line for each header.
    private let text: String
    /// The client's address, a proxy's if there is one; empty if its connection has none.
    package let remoteAddress: String
    /// Whether both ends of its connection had the same address, as they do within a machine.
    package let isFromOwnAddress: Bool
    /// The transport it began with.
    package let transport: Transport
    /// The revision of Engine.IO it speaks.
    package let version: ProtocolVersion

    /// Keeps a request.
    ///
    /// - Parameters:
    ///   - query: As it stands behind the question mark.
    ///   - headers: In order; no value has a line break in it.
    ///   - remoteAddress: The client's.
    ///   - isFromOwnAddress: Whether both ends of its connection have the same address.
    ///   - transport: The one it asks for.
    ///   - version: The one it asks for.
    init(
        query: some StringProtocol,
        headers: some Sequence<(name: String, value: String)>,
        remoteAddress: String,
        isFromOwnAddress: Bool,
        transport: Transport,
        version: ProtocolVersion
    ) {
        self.text = headers.reduce(into: String(query)) { $0 += "\n\($1.name):\($1.value)" }
        self.remoteAddress = remoteAddress
        self.isFromOwnAddress = isFromOwnAddress
        self.transport = transport
        self.version = version
    }

    /// Its headers, in order.
    package var headers: [(name: String, value: String)] {
        self.text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().compactMap { line in
            line.firstIndex(of: ":").map { (String(line[..<$0]), String(line[line.index(after: $0)...])) }
        }
    }

    /// Its query parameters, decoded.
    package var query: [String: String] { QueryString.parse(self.text.prefix { $0 != "\n" }) }

    /// Whether a proxy says that it speaks for somebody else, be it trusted or not.
    package var isForwarded: Bool { TrustedProxies.isForwarded { self.header($0) != nil } }

    /// The first header of a name, in any case.
    package func header(_ name: String) -> String? {
        self.headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
