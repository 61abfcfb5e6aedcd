import Connectors
import Testing

@Suite("Remote file systems")
struct RemoteFileSystemsTests {
    @Test func tableOfMountsTellsThem() {
        let table = """
            22 27 0:20 / /sys rw,nosuid shared:7 - sysfs sysfs rw
            36 35 259:2 / / rw,noatime - ext4 /dev/root rw,errors=remount-ro
            40 36 0:50 / /srv/docs rw shared:1 master:2 - nfs4 server:/export rw
            41 36 0:51 /sub /mnt/with\\040space rw - fuse.sshfs me@host:/ rw
            42 36 0:300 / /mnt/win rw - cifs //server/share rw
            43 36 8:1 / /mnt/usb rw - fuseblk /dev/sda1 rw
            44 36 0:53 / /mnt/none rw -
            damaged
            """
        #expect(RemoteFileSystems.devices(in: MountTable(table)) == Set<UInt64>([50, 51, 1_048_620]))
    }
}
