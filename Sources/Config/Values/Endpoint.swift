/// The address of a service that is given secrets: encrypted, or on this machine.
struct Endpoint {
    /// Without a slash at its end.
    let text: String

    init(_ scalar: Node.Scalar) throws(InvalidValue) {
        let parts = scalar.text.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3, parts[0] == "https:" || parts[0] == "http:", parts[1].isEmpty,
            let host = Self.host(of: parts[2]), parts.count < 4 || Self.isPath(parts[3]),
            scalar.text.utf8.count <= 2_000
        else {
            throw InvalidValue(
                "must be an address such as 'https://www.googleapis.com', without a user, '?' and '#', "
                    + "not \(scalar.text.quoted)"
            )
        }
        guard parts[0] == "https:" || host == "localhost" || host == "[::1]" || Self.isLoopback(host) else {
            throw InvalidValue("must begin with 'https://' unless it is on this machine: secrets are sent there")
        }
        var text = scalar.text
        while text.hasSuffix("/") { text.removeLast() }
        self.text = text
    }

    /// Whether it is an address in 127.0.0.0/8; a name may begin like one.
    private static func isLoopback(_ host: String) -> Bool {
        host.hasPrefix("127.") && host.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }
    }

    /// The host in front of a port that may be missing; nil if it is none.
    private static func host(of authority: String) -> String? {
        var host = authority
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            guard let port = Int(decimal: authority[authority.index(after: colon)...]), (1...65_535).contains(port)
            else { return nil }
            host = String(authority[..<colon])
        }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]") && host.utf8.count > 2
        if isBracketed { return HostSyntax.isIPv6(String(host.dropFirst().dropLast())) ? host : nil }
        return HostSyntax.isIPv4OrName(host) ? host : nil
    }

    private static func isPath(_ path: String) -> Bool {
        path.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-._~/".utf8.contains(byte)
            }
        }
    }
}
