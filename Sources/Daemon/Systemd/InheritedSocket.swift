import Glibc

/// A listening socket that the service manager opened before the daemon started, and keeps open between two runs.
///
/// Source: sd_listen_fds(3).
package struct InheritedSocket: Equatable, Sendable {
    package let descriptor: CInt
    /// Where it listens, for people: `127.0.0.1:8003`, `/run/corpusd.sock`.
    package let address: String
    /// Whether only programs of this machine can connect.
    package let isLocal: Bool

    /// Takes a descriptor over, which children will not get.
    ///
    /// - Throws: `StartError.notListening` for anything that connections cannot be accepted on.
    package init(_ descriptor: CInt) throws(StartError) {
        guard Self.option(SO_ACCEPTCONN, of: descriptor) == 1,
            Self.option(SO_TYPE, of: descriptor) == CInt(SOCK_STREAM.rawValue),
            let address = Self.localAddress(of: descriptor)
        else { throw .notListening(descriptor: descriptor) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        self.descriptor = descriptor
        (self.address, self.isLocal) = address
    }

    private static func option(_ name: CInt, of descriptor: CInt) -> CInt? {
        var value: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        return getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
    }

    private static func localAddress(of descriptor: CInt) -> (String, isLocal: Bool)? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutableBytes(of: &storage) { bytes -> (String, isLocal: Bool)? in
            guard let address = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                getsockname(descriptor, address, &length) == 0
            else { return nil }
            guard CInt(address.pointee.sa_family) != AF_UNIX else { return ("a Unix socket", true) }
            var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            var port = [CChar](repeating: 0, count: 16)
            let flags = NI_NUMERICHOST | NI_NUMERICSERV
            guard
                getnameinfo(
                    address, length, &host, socklen_t(host.count), &port, socklen_t(port.count), flags) == 0
            else { return nil }
            let name = Self.text(host)
            let isLocal = name == "::1" || name.hasPrefix("127.")
            return (name.contains(":") ? "[\(name)]:\(Self.text(port))" : "\(name):\(Self.text(port))", isLocal)
        }
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
