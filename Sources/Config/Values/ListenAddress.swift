/// Where a server waits for connections.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// An address or a name; an IPv6 address without brackets.
    package let host: String
    /// 0 lets the system choose.
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Whether only programs of the same machine can connect.
    package var isLoopback: Bool {
        self.host.lowercased() == "localhost" || self.host == "::1"
            || (HostSyntax.isIPv4OrName(self.host) && self.host.hasPrefix("127.")
                && self.host.allSatisfy { $0.isNumber || $0 == "." })
    }

    /// `127.0.0.1:8003`, `[::1]:8003`.
    package var description: String {
        self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }

    /// The address that a scalar stands for.
    init(_ scalar: Node.Scalar) throws(InvalidValue) {
        let text = scalar.text
        guard !HostSyntax.isIPv6(text) else { throw Self.invalid(text, "must have an IPv6 address in brackets") }
        guard let colon = text.lastIndex(of: ":") else { throw Self.invalid(text, "must be host and port") }
        let host = text[..<colon]
        guard let port = Int(decimal: text[text.index(after: colon)...]), port <= 65_535 else {
            throw Self.invalid(text, "must end with a port from 0 to 65535")
        }
        guard host != "", host != "*" else {
            throw InvalidValue(
                "must name a host: write '127.0.0.1:\(port)' for this machine only, '0.0.0.0:\(port)' for all"
            )
        }
        self.init(host: try Self.host(String(host), in: text), port: port)
    }

    private static func host(_ host: String, in text: String) throws(InvalidValue) -> String {
        if host.hasPrefix("["), host.hasSuffix("]") {
            let address = String(host.dropFirst().dropLast())
            guard HostSyntax.isIPv6(address) else { throw Self.invalid(text, "must have an IPv6 address in brackets") }
            return address
        }
        guard !HostSyntax.isIPv6(host) else {
            throw Self.invalid(text, "must have an IPv6 address in brackets")
        }
        guard HostSyntax.isIPv4OrName(host) else { throw Self.invalid(text, "must begin with an address or a name") }
        return host
    }

    private static func invalid(_ text: String, _ problem: String) -> InvalidValue {
        InvalidValue("\(problem), such as '127.0.0.1:8003' or '[::1]:8003', not \(text.quoted)")
    }
}
