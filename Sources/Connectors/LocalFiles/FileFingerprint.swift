/// What tells one version of a file from another without reading it.
package struct FileFingerprint: Hashable, Sendable {
    /// Bytes, -1 when it is not known; more than `largestSize` counts as that.
    package var size: Int64
    /// Time of last modification, in nanoseconds since 1970.
    package var modified: Int64
    package var inode: UInt64
    package var device: UInt64
    /// A digest of the time at which the inode last changed, as `digest` makes it; 0 when it is not known.
    ///
    /// A program may set the time of modification back, but not this one. A rename or a `chmod` changes it, too, so by
    /// itself it is only a reason to read the content.
    package var changed: UInt32

    /// The largest size that is told from others, in bytes: 8 TB.
    package static let largestSize: Int64 = 1 << 43 - 2

    package init(size: Int64, modified: Int64, inode: UInt64, device: UInt64, changed: UInt32 = 0) {
        self.size = min(max(size, -1), Self.largestSize)
        self.modified = modified
        self.inode = inode
        self.device = device
        self.changed = changed
    }

    /// 32 bits of a time in nanoseconds, never 0, that are the same in every process.
    package static func digest(_ time: Int64) -> UInt32 {
        // The low bits of a time say little, as clocks tick coarsely: the product spreads all of them upwards.
        max(1, UInt32(truncatingIfNeeded: (UInt64(bitPattern: time) &* 0x9E37_79B9_7F4A_7C15) >> 32))
    }

    /// Whether both are of one inode, whatever was written to it in between.
    package func isSameFile(as other: FileFingerprint) -> Bool {
        self.inode == other.inode && self.device == other.device
    }

    /// Whether both are of one inode of the same size and time of modification, wherever it has been moved.
    package func isSameVersion(as other: FileFingerprint) -> Bool {
        self.isSameFile(as: other) && self.size == other.size && self.modified == other.modified
    }

    /// Whether nothing at all shows that the file was touched.
    package func isUntouched(since other: FileFingerprint) -> Bool {
        self.isSameVersion(as: other) && (self.changed == other.changed || self.changed == 0 || other.changed == 0)
    }

    /// Reads what `description` wrote; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 4 || parts.count == 5,
            let size = Int64(parts[0]), let modified = Int64(parts[1]),
            let inode = UInt64(parts[2]), let device = UInt64(parts[3]),
            let changed = parts.count == 5 ? UInt32(parts[4]) : 0
        else { return nil }
        self.init(size: size, modified: modified, inode: inode, device: device, changed: changed)
    }
}

extension FileFingerprint: CustomStringConvertible {
    /// `size:modified:inode:device:changed`, as the ledger keeps it; the last is left out when it is not known.
    package var description: String {
        "\(self.size):\(self.modified):\(self.inode):\(self.device)" + (self.changed == 0 ? "" : ":\(self.changed)")
    }
}
