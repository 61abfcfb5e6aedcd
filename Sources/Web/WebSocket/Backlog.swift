/// What waits to be written to one client, because it does not read.
struct Backlog: Equatable, Sendable {
    var bytes: Int
    var packets: Int

    static let none = Backlog(bytes: 0, packets: 0)

    init(bytes: Int, packets: Int) {
        self.bytes = bytes
        self.packets = packets
    }

    /// Takes both out of one word, so that another thread never sees one without the other.
    init(packed: Int) {
        self.bytes = packed >> 24
        self.packets = packed & 0xFF_FFFF
    }

    /// Both in one word: the bytes above, the packets, up to 16 million, in the last 24 bits.
    var packed: Int { self.bytes << 24 | min(self.packets, 0xFF_FFFF) }

    /// Whether more waits than may.
    func exceeds(_ limit: Backlog) -> Bool { self.bytes > limit.bytes || self.packets > limit.packets }
}
