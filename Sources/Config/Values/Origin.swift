/// Where a page that a browser shows came from, as its `Origin` header says.
struct Origin {
    /// `https://example.org`, `http://localhost:3000`: lower case, and no port that the scheme implies, since that is
    /// how browsers write it.
    let text: String

    init(_ scalar: Node.Scalar) throws(InvalidValue) {
        let parts = scalar.text.lowercased().split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let implied = ["http": 80, "https": 443][parts[0]],
            let (host, port) = Self.hostAndPort(String(parts[1]))
        else {
            throw InvalidValue(
                "must be an origin such as 'https://example.org' or 'http://localhost:3000', without a path, "
                    + "or '*' for all, not \(scalar.text.quoted)"
            )
        }
        let suffix = port.map { $0 == implied ? "" : ":\($0)" } ?? ""
        self.text = "\(parts[0])://\(host)\(suffix)"
    }

    static func hostAndPort(_ text: String) -> (host: String, port: Int?)? {
        if HostSyntax.isIPv4OrName(text) || Self.isBracketed(text) { return (text, nil) }
        guard let colon = text.lastIndex(of: ":"), let port = Int(decimal: text[text.index(after: colon)...]),
            (1...65_535).contains(port)
        else { return nil }
        let host = String(text[..<colon])
        return HostSyntax.isIPv4OrName(host) || Self.isBracketed(host) ? (host, port) : nil
    }

    private static func isBracketed(_ text: String) -> Bool {
        text.hasPrefix("[") && text.hasSuffix("]") && HostSyntax.isIPv6(String(text.dropFirst().dropLast()))
    }
}
