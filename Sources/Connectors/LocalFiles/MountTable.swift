import Glibc
import SystemPackage

/// What is mounted where, as `/proc/self/mountinfo` has it.
///
/// A line is `36 35 0:50 / /srv/docs rw,noatime shared:1 - nfs4 server:/export rw`: the mount's number, that of the one
/// it is mounted in, the device, which directory of it, and where; behind the dash the type. Bytes that would break a
/// line stand as `\040`. Source: proc(5), "/proc/pid/mountinfo".
package struct MountTable: Equatable, Sendable {
    package struct Mount: Hashable, Sendable {
        package var number: String
        /// As `stat` names it.
        package var device: UInt64
        /// The directory of the device that is mounted, escaped as in the table.
        package var root: String
        /// The absolute path where it is mounted.
        package var place: [UInt8]
        package var type: String
    }

    static let path = "/proc/self/mountinfo"
    /// The most of the table that is read, in bytes: some ten thousand mounts.
    private static let limit = 4_194_304

    package var mounts: [Mount]

    /// Reads a table; lines that cannot be understood are left out.
    package init(_ text: String) {
        self.mounts = text.split(separator: "\n").compactMap(Self.mount)
    }

    /// Reads the kernel's table; nil where there is none to be read.
    init?() {
        guard let file = try? OwnedDescriptor(open(Self.path, O_RDONLY | O_CLOEXEC)),
            let bytes = try? file.contents(limit: Self.limit)
        else { return nil }
        self.init(String(decoding: bytes, as: UTF8.self))
    }

    /// The mounts that a directory lies on, or that lie below it: what may make another directory of it.
    ///
    /// The directory is an absolute path without symbolic links and without a slash at its end.
    package func mounts(around directory: [UInt8]) -> Set<Mount> {
        Set(self.mounts.filter { Self.isWithin($0.place, directory) || Self.isWithin(directory, $0.place) })
    }

    private static func isWithin(_ path: [UInt8], _ directory: [UInt8]) -> Bool {
        guard path.starts(with: directory) else { return false }
        return path.count == directory.count || directory.last == UInt8(ascii: "/")
            || path[directory.count] == UInt8(ascii: "/")
    }

    private static func mount(_ line: Substring) -> Mount? {
        let fields = line.split(separator: " ")
        guard fields.count > 6, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count else { return nil }
        let numbers = fields[2].split(separator: ":").compactMap { UInt32($0) }
        guard numbers.count == 2 else { return nil }
        return Mount(
            number: String(fields[0]),
            device: Self.device(numbers[0], numbers[1]),
            root: String(fields[3]),
            place: Self.unescaped(fields[4]),
            type: String(fields[dash + 1])
        )
    }

    /// The bytes that a field stands for: `\` and three octal digits are one.
    private static func unescaped(_ field: Substring) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = field.utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest.removeFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    /// Two numbers as one: glibc's `makedev`.
    private static func device(_ major: UInt32, _ minor: UInt32) -> UInt64 {
        let (major, minor) = (UInt64(major), UInt64(minor))
        return (major & 0xFFFF_F000) << 32 | (major & 0xFFF) << 8 | (minor & 0xFFFF_FF00) << 12 | minor & 0xFF
    }
}
