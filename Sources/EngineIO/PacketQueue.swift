import DequeModule

/// The packets that wait for a session's next poll, and how much they are.
struct PacketQueue<Outgoing: OutgoingMessage>: Sendable {
    private var waiting: Deque<OutgoingPacket<Outgoing>> = []
    /// Bytes that wait.
    private(set) var bytes = 0
    /// Packets that wait, attachments counted.
    private(set) var packets = 0

    init() {}

    var isEmpty: Bool { self.waiting.isEmpty }

    mutating func append(_ packet: OutgoingPacket<Outgoing>) {
        self.waiting.append(packet)
        self.bytes += packet.byteCount
        self.packets += packet.packetCount
    }

    /// Takes the oldest packets: as many as fit, and at least one if there is any.
    mutating func take(upTo limit: Int) -> [OutgoingPacket<Outgoing>] {
        var taken: [OutgoingPacket<Outgoing>] = []
        var packets = 0
        while let next = self.waiting.first, taken.isEmpty || packets + next.packetCount <= limit {
            packets += next.packetCount
            self.bytes -= next.byteCount
            taken.append(self.waiting.removeFirst())
        }
        self.packets -= packets
        return taken
    }

    /// Takes all that waits, and the memory it waited in.
    mutating func takeAll() -> [OutgoingPacket<Outgoing>] {
        defer { self = Self() }
        return Array(self.waiting)
    }
}
