import Glibc
import SystemPackage

/// Knows whether mounts have changed that make up a folder: those it lies on, and those below it.
///
/// No event of inotify tells that something was mounted.
final class MountWatch: Sendable {
    /// For `poll`, which says `POLLPRI` once after each change of any mount.
    let descriptor: CInt
    private let folder: WatchedFolder

    /// - Parameter folder: Which.
    /// - Throws: When there is no table of mounts to be had, or no file descriptor.
    init(_ folder: WatchedFolder) throws(Errno) {
        self.folder = folder
        self.descriptor = try OwnedDescriptor(open(MountTable.path, O_RDONLY | O_CLOEXEC)).release()
    }

    deinit { close(self.descriptor) }

    /// What there is of them now; blocks.
    func mounts() -> Set<MountTable.Mount> { MountTable()?.mounts(around: self.place) ?? [] }

    /// Where the folder is, without symbolic links if it is there.
    private var place: [UInt8] {
        let path = self.folder.bytes(of: .root)
        guard let real = realpath(path.map { CChar(bitPattern: $0) } + [0], nil) else { return path }
        defer { Glibc.free(real) }
        return UnsafeBufferPointer(start: real, count: Int(strlen(real))).map { UInt8(bitPattern: $0) }
    }
}
