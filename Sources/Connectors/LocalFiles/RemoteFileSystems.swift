import Synchronization

/// Which file systems other machines or programs can change behind the kernel's back, so that inotify is not enough.
///
/// Reads the table of mounts once, and again when it is told that time has passed.
package final class RemoteFileSystems: Sendable {
    /// Types as the table of mounts names them; those of FUSE have the program's name behind a dot.
    private static let types: Set<String> = [
        "9p", "afs", "beegfs", "ceph", "cifs", "coda", "fuse", "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs",
        "nfs4",
        "ocfs2", "orangefs", "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs",
    ]

    /// Nil until the table has been read.
    private let remote = Mutex<Set<UInt64>?>(nil)

    package init() {}

    /// Reads the table again when it is next asked: mounts may have changed.
    func refresh() { self.remote.withLock { $0 = nil } }

    /// Whether a device, as `stat` names it, is one; without a table all count as local.
    func contains(device: UInt64) -> Bool {
        self.remote.withLock { remote in
            let devices = remote ?? Self.read()
            remote = devices
            return devices.contains(device)
        }
    }

    private static func read() -> Set<UInt64> { MountTable().map(Self.devices) ?? [] }

    /// The devices of a table of mounts whose file systems are remote.
    package static func devices(in table: MountTable) -> Set<UInt64> {
        Set(table.mounts.filter { Self.types.contains(String($0.type.prefix { $0 != "." })) }.map(\.device))
    }
}
