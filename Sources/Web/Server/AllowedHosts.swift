/// Which names a request may call the server by.
///
/// A page of an attacker's can make its own name resolve to 127.0.0.1 and then talk to a server there as if it were
/// its own (DNS rebinding); its requests carry that name as `Host`.
package enum AllowedHosts: Equatable, Sendable {
    case any
    /// `localhost`, names below it, and loopback addresses.
    case loopback
    /// These names or addresses, without ports, and what `loopback` allows.
    case list([String])

    /// Whether a request may be served.
    ///
    /// - Parameter host: Its `Host` header, with a port or without; nil for none, which no browser sends.
    /// - Returns: False for a name that is not this server's.
    func permits(_ host: String?) -> Bool {
        guard self != .any, let host else { return true }
        let name = Self.name(in: host)
        if Self.isLoopback(name) { return true }
        guard case .list(let names) = self else { return false }
        return names.contains { Self.name(in: $0) == name }
    }

    /// The name of `name:port` or `[address]:port`, in lower case, without a final dot.
    private static func name(in host: String) -> String {
        let name =
            host.hasPrefix("[")
            ? host.dropFirst().prefix { $0 != "]" }
            : host.utf8.count(where: { $0 == UInt8(ascii: ":") }) > 1 ? host[...] : host.prefix { $0 != ":" }
        return (name.hasSuffix(".") ? name.dropLast() : name).lowercased()
    }

    private static func isLoopback(_ name: String) -> Bool {
        if name == "localhost" || name.hasSuffix(".localhost") || name == "::1" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
