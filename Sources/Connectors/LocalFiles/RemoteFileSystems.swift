import Glibc
import Synchronization
import SystemPackage

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
    /// The most of the table that is read, in bytes: some ten thousand mounts.
    private static let tableLimit = 4_194_304

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

    private static func read() -> Set<UInt64> {
        guard let file = try? OwnedDescriptor(open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)),
            let table = try? file.contents(limit: Self.tableLimit)
        else { return [] }
        return Self.devices(in: String(decoding: table, as: UTF8.self))
    }

    /// The devices of a table of mounts whose file systems are remote.
    ///
    /// A line is `36 35 0:50 / /srv/docs rw,noatime shared:1 - nfs4 server:/export rw`: device in the third place, type
    /// behind the dash. Source: proc(5), "/proc/pid/mountinfo".
    package static func devices(in table: String) -> Set<UInt64> {
        var devices: Set<UInt64> = []
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 6, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count,
                self.types.contains(String(fields[dash + 1].prefix { $0 != "." }))
            else { continue }
            let numbers = fields[2].split(separator: ":").compactMap { UInt32($0) }
            if numbers.count == 2 { devices.insert(Self.device(numbers[0], numbers[1])) }
        }
        return devices
    }

    /// Two numbers as one: glibc's `makedev`.
    private static func device(_ major: UInt32, _ minor: UInt32) -> UInt64 {
        let (major, minor) = (UInt64(major), UInt64(minor))
        return (major & 0xFFFF_F000) << 32 | (major & 0xFFF) << 8 | (minor & 0xFFFF_FF00) << 12 | minor & 0xFF
    }
}
