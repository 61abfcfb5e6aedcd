import Glibc
package import SystemPackage

/// The service manager's end of the notification protocol: a datagram socket of the Unix domain.
///
/// Source: sd_notify(3), unix(7).
package final class NotifySocket: Sendable {
    /// How long a full socket may hold up whoever has something to tell.
    private static let sendTimeout = timeval(tv_sec: 1, tv_usec: 0)

    private let descriptor: FileDescriptor
    private let address: sockaddr_un
    private let addressLength: socklen_t

    /// Opens a socket to send from.
    ///
    /// - Parameter name: An absolute path, or a name in the abstract space behind an `@`.
    /// - Throws: What the system says, or `.fileNameTooLong`.
    package init(_ name: String) throws(Errno) {
        var bytes = Array(name.utf8)
        let isAbstract = bytes.first == UInt8(ascii: "@")
        if isAbstract { bytes[0] = 0 }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // A path ends with a zero byte; an abstract name ends where the length says.
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { throw .fileNameTooLong }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }

        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        var timeout = Self.sendTimeout
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        self.descriptor = FileDescriptor(rawValue: descriptor)
        self.address = address
        let pathOffset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? MemoryLayout<sa_family_t>.size
        self.addressLength = socklen_t(pathOffset + bytes.count + (isAbstract ? 0 : 1))
    }

    deinit { try? self.descriptor.close() }

    /// Sends one datagram.
    package func send(_ text: String) throws(Errno) {
        var address = self.address
        let length = self.addressLength
        let bytes = Array(text.utf8)
        let sent = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(self.descriptor.rawValue, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
        guard sent >= 0 else { throw Errno(rawValue: errno) }
    }
}
