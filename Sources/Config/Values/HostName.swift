/// A name or address under which a server is asked for, as the `Host` header says it, without the port.
struct HostName {
    /// In lower case; an IPv6 address without brackets.
    let text: String

    init(_ scalar: Node.Scalar) throws(InvalidValue) {
        let text = scalar.text.lowercased()
        let inner = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : nil
        guard inner.map(HostSyntax.isIPv6) ?? HostSyntax.isIPv4OrName(text) else {
            throw InvalidValue(
                "must be a host such as 'search.example.org' or '[::1]', without a port, or '*' for all, "
                    + "not \(scalar.text.quoted)"
            )
        }
        self.text = inner ?? text
    }
}
