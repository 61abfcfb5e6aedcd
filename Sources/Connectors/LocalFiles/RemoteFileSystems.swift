import Glibc
import Synchronization

/// Which file systems other machines or programs can change behind the kernel's back, so that inotify is not enough.
///
/// Asks once for each file system: on some the answer takes a round trip.
package final class RemoteFileSystems: Sendable {
    /// The magic numbers of `statfs(2)` and of `linux/magic.h`, in 32 bits.
    package static let magicNumbers: Set<UInt32> = [
        0x0000_6969,  // NFS
        0x0000_517B, 0xFF53_4D42, 0xFE53_4D42,  // SMB, CIFS, SMB2
        0x6573_5546,  // FUSE, virtiofs
        0x0102_1997,  // 9P
        0x00C3_6400,  // Ceph
        0x5346_414F, 0x6B41_4653,  // AFS
        0x7375_7245,  // Coda
        0x0000_564C,  // NCP
        0x7461_636F, 0x0116_1970,  // OCFS2, GFS2
        0x0BD0_0BD0, 0x4750_4653, 0x1983_0326, 0x2003_0528,  // Lustre, GPFS, BeeGFS, OrangeFS
        0x786F_4256, 0xBACB_ACBC,  // shared folders of VirtualBox and VMware
    ]

    private let known = Mutex<[UInt64: Bool]>([:])

    package init() {}

    /// Whether an open file or directory is on one; a file system that does not say counts as local.
    func contains(device: UInt64, descriptor: CInt) -> Bool {
        if let answer = self.known.withLock({ $0[device] }) { return answer }
        var status = statfs()
        let isRemote =
            fstatfs(descriptor, &status) == 0
            && Self.magicNumbers.contains(UInt32(truncatingIfNeeded: status.f_type))
        self.known.withLock { $0[device] = isRemote }
        return isRemote
    }
}
