import Ingest

/// One file of `KnownFiles`, in 48 bytes, but for the change time; a row of zeros is free.
struct KnownFileRow: Sendable {
    /// The highest place in the table of file systems that a row can name.
    static let largestDevice = 0x7FFF
    private static let liveBit: UInt64 = 1 << 0
    private static let seenBit: UInt64 = 1 << 1
    private static let staleBit: UInt64 = 1 << 2
    private static let heldBit: UInt64 = 1 << 3
    private static let keptBit: UInt64 = 1 << 4
    private static let unreadableBit: UInt64 = 1 << 5
    private static let deviceShift: UInt64 = 6
    private static let sizeShift: UInt64 = 21

    private(set) var id = FileID(high: 0, low: 0)
    private(set) var modified: Int64 = 0
    private(set) var inode: UInt64 = 0
    /// From bit 0: six flags, 15 bits of device, 43 of size plus one, as a size that is not known is -1.
    private var packed: UInt64 = 0
    /// Where its name begins among the names: one byte of length, then as many bytes.
    var nameStart: UInt32 = 0
    /// The number of its directory.
    var directory: UInt32 = 0

    mutating func fill(with file: KnownFiles.File, device: Int, isSeen: Bool) {
        self.id = file.id
        self.modified = file.fingerprint.modified
        self.inode = file.fingerprint.inode
        self.packed =
            Self.liveBit | UInt64(device) << Self.deviceShift
            | UInt64(file.fingerprint.size + 1) << Self.sizeShift
        self.isSeen = isSeen
        self.isStale = file.isStale
        self.isUnreadable = file.isUnreadable
        self.hold = file.hold
    }

    var isLive: Bool { self[Self.liveBit] }

    var isSeen: Bool {
        get { self[Self.seenBit] }
        set { self[Self.seenBit] = newValue }
    }

    var isStale: Bool {
        get { self[Self.staleBit] }
        set { self[Self.staleBit] = newValue }
    }

    var isUnreadable: Bool {
        get { self[Self.unreadableBit] }
        set { self[Self.unreadableBit] = newValue }
    }

    var hold: HeldDeletion.State? {
        get { self[Self.heldBit] ? .held : self[Self.keptBit] ? .kept : nil }
        set {
            self[Self.heldBit] = newValue == .held
            self[Self.keptBit] = newValue == .kept
        }
    }

    /// Its place in the table of file systems.
    var device: Int { Int(self.packed >> Self.deviceShift & UInt64(Self.largestDevice)) }

    var size: Int64 { Int64(self.packed >> Self.sizeShift) - 1 }

    func name(in names: [UInt8]) -> ArraySlice<UInt8> {
        let start = Int(self.nameStart) + 1
        return names[start..<(start + Int(names[start - 1]))]
    }

    private subscript(bit: UInt64) -> Bool {
        get { self.packed & bit != 0 }
        set { if newValue { self.packed |= bit } else { self.packed &= ~bit } }
    }
}
