/// What tells one version of a file from another without reading it.
///
/// The inode's change time is left out: a rename or a `chmod` sets it and changes no content.
package struct FileFingerprint: Hashable, Sendable {
    /// Bytes, -1 when it is not known; more than `largestSize` counts as that.
    package var size: Int64
    /// Time of last modification, in nanoseconds since 1970.
    package var modified: Int64
    package var inode: UInt64
    package var device: UInt64

    /// The largest size that is told from others, in bytes: 8 TB.
    package static let largestSize: Int64 = 1 << 43 - 2

    package init(size: Int64, modified: Int64, inode: UInt64, device: UInt64) {
        self.size = min(max(size, -1), Self.largestSize)
        self.modified = modified
        self.inode = inode
        self.device = device
    }

    /// Whether both are of one inode, whatever was written to it in between.
    package func isSameFile(as other: FileFingerprint) -> Bool {
        self.inode == other.inode && self.device == other.device
    }

    /// Reads what `description` wrote; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 4,
            let size = Int64(parts[0]), let modified = Int64(parts[1]),
            let inode = UInt64(parts[2]), let device = UInt64(parts[3])
        else { return nil }
        self.init(size: size, modified: modified, inode: inode, device: device)
    }
}

extension FileFingerprint: CustomStringConvertible {
    /// `size:modified:inode:device`, as the ledger keeps it.
    package var description: String { "\(self.size):\(self.modified):\(self.inode):\(self.device)" }
}
