import Glibc
import SystemPackage

/// An inotify descriptor; its queue in the kernel is the buffer, so events wait there until somebody reads.
final class Inotify: Sendable {
    /// Room for many short names or, in any case, for one of the longest.
    private static let readSize = 65_536
    private static let mask = UInt32(
        IN_CREATE | IN_MODIFY | IN_ATTRIB | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE
            | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK
    )
    private static let ancestorMask = UInt32(IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_ONLYDIR)

    let descriptor: CInt

    init() throws(Errno) {
        self.descriptor = try OwnedDescriptor(inotify_init1(CInt(IN_NONBLOCK | IN_CLOEXEC))).release()
    }

    deinit { close(self.descriptor) }

    /// Watches the entries of an open directory, whatever its path is by now.
    ///
    /// Needs `/proc`; there is no other way to watch a descriptor.
    func watch(directory: CInt) throws(Errno) -> Int32 {
        try self.add(Array("/proc/self/fd/\(directory)".utf8), Self.mask)
    }

    /// Watches for what appears in the nearest of some directories that exists.
    ///
    /// - Parameter ancestors: Each lies in the next; with the name in it that leads down.
    /// - Returns: The watch and that name; nil when none can be watched.
    func watch(
        nearestOf ancestors: [(directory: [UInt8], name: [UInt8])]
    ) -> (watch: Int32, name: [UInt8])? {
        var nearest: (index: Int, watch: Int32)?
        for index in ancestors.indices {
            guard let watch = try? self.add(ancestors[index].directory, Self.ancestorMask) else { continue }
            nearest = (index, watch)
            break
        }
        // One that was made before its parent was watched gave no event: go down for as long as there is one.
        while let found = nearest, found.index > 0,
            let watch = try? self.add(ancestors[found.index - 1].directory, Self.ancestorMask)
        {
            self.unwatch(found.watch)
            nearest = (found.index - 1, watch)
        }
        return nearest.map { ($0.watch, ancestors[$0.index].name) }
    }

    /// Ends a watch; one that ended by itself is no error.
    func unwatch(_ watch: Int32) { inotify_rm_watch(self.descriptor, watch) }

    /// Takes the events that are waiting; empty when there are none.
    func read() throws(Errno) -> [UInt8] {
        while true {
            var code: CInt = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: Self.readSize) { buffer, count in
                let result = Glibc.read(self.descriptor, buffer.baseAddress, buffer.count)
                count = max(result, 0)
                code = result < 0 ? errno : 0
            }
            switch code {
            case 0: return bytes
            case EAGAIN: return []
            case EINTR: continue
            default: throw Errno(rawValue: code)
            }
        }
    }

    private func add(_ path: [UInt8], _ mask: UInt32) throws(Errno) -> Int32 {
        let watch = inotify_add_watch(self.descriptor, path.map { CChar(bitPattern: $0) } + [0], mask)
        guard watch >= 0 else { throw Errno(rawValue: errno) }
        return watch
    }
}
