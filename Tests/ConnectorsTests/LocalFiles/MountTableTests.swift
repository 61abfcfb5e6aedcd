import Connectors
import Testing

@Suite("Table of mounts")
struct MountTableTests {
    private static let text = #"""
        22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
        30 22 8:2 / /srv rw - xfs /dev/sdb1 rw
        36 30 0:50 / /srv/docs\040of\134us rw,noatime shared:1 master:2 - nfs4 server:/export rw
        37 36 259:1 /sub /srv/docs\040of\134us/disk rw - btrfs /dev/nvme0n1 rw
        38 30 0:51 / /srv/docs rw - tmpfs none rw
        39 22 0:52 / /var/lib/containers/1/merged rw - overlay overlay rw
        """#

    private static let folder = Array(#"/srv/docs of\us"#.utf8)

    private func places(around directory: String) -> Set<String> {
        let mounts = MountTable(Self.text).mounts(around: Array(directory.utf8))
        return Set(mounts.map { String(decoding: $0.place, as: UTF8.self) })
    }

    @Test func namesWhatAFolderIsMadeOf() {
        let folder = #"/srv/docs of\us"#
        #expect(self.places(around: folder) == ["/", "/srv", folder, folder + "/disk"])
        #expect(self.places(around: "/srv/docs/deeper") == ["/", "/srv", "/srv/docs"])
        #expect(self.places(around: "/home") == ["/"])
        #expect(self.places(around: "/").count == 6)
    }

    @Test func namesWhatIsMounted() throws {
        let mount = try #require(MountTable(Self.text).mounts.first { $0.number == "37" })
        #expect(mount.device == 0x10301)
        #expect(mount.root == "/sub" && mount.type == "btrfs")
        #expect(MountTable(Self.text).mounts.map(\.device).prefix(2) == [0x801, 0x802])
    }

    @Test func onlyAMountOfOnesOwnMakesADifference() {
        let before = MountTable(Self.text).mounts(around: Self.folder)
        let other = Self.text + "\n40 22 0:53 / /var/lib/containers/2/merged rw - overlay overlay rw"
        #expect(MountTable(other).mounts(around: Self.folder) == before)
        let own = Self.text + "\n" + #"41 36 0:54 / /srv/docs\040of\134us/usb rw - vfat /dev/sdc1 rw"#
        #expect(MountTable(own).mounts(around: Self.folder) != before)
        let gone = Self.text.split(separator: "\n").filter { !$0.hasPrefix("37 ") }.joined(separator: "\n")
        #expect(MountTable(gone).mounts(around: Self.folder) != before)
    }

    @Test(arguments: ["", "\n", "36 35 0:50 / /a rw", "36 35 50 / /a rw - t s rw", "36 35 0:50 / /a rw x y -", "x"])
    func lineThatCannotBeUnderstoodIsLeftOut(_ line: String) {
        #expect(MountTable(line).mounts == [])
    }

    @Test(arguments: [(#"/a\0"#, #"/a\0"#), (#"/a\777b"#, #"/a\777b"#), (#"/a\134"#, #"/a\"#), (#"/\"#, #"/\"#)])
    func backslashIsAByteOnlyBeforeOne(_ field: String, _ path: String) {
        let mounts = MountTable("36 35 0:50 / \(field) rw - t s rw").mounts
        #expect(mounts.map { String(decoding: $0.place, as: UTF8.self) } == [path])
    }
}
