import Glibc
import SystemPackage

/// Ends a `poll` on another thread.
final class WakeupDescriptor: Sendable {
    private let reading: CInt
    private let writing: CInt

    /// - Throws: When the process has no file descriptor left.
    init() throws(Errno) {
        var ends: [CInt] = [-1, -1]
        let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Errno(rawValue: errno) }
        self.reading = ends[0]
        self.writing = ends[1]
    }

    deinit {
        close(self.reading)
        close(self.writing)
    }

    /// Makes the `poll` that waits, or else the next one, return at once.
    func wake() { _ = write(self.writing, [1], 1) }

    /// Waits until there is something to read from `other`, until the table of mounts has changed, until `wake`, or
    /// until the time is over; blocks.
    ///
    /// - Parameters:
    ///   - other: A descriptor to read from.
    ///   - mounts: One of the table of mounts.
    ///   - milliseconds: The longest time.
    /// - Returns: Whether the table of mounts has changed since this was last asked.
    func poll(with other: CInt?, mounts: CInt?, milliseconds: CInt) -> Bool {
        // One that is negative is passed over.
        var descriptors = [
            pollfd(fd: self.reading, events: Int16(POLLIN), revents: 0),
            pollfd(fd: other ?? -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: mounts ?? -1, events: Int16(POLLPRI), revents: 0),
        ]
        // An interruption counts as being woken: the caller looks what there is to do and waits again.
        _ = Glibc.poll(&descriptors, nfds_t(descriptors.count), milliseconds)
        var calls = [UInt8](repeating: 0, count: 64)
        while read(self.reading, &calls, calls.count) > 0 {}
        return descriptors[2].revents != 0
    }
}
