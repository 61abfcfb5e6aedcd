import NIOCore

/// What one batch sends over WebSockets: a tree of messages, in which each client's are a path from the root.
///
/// Clients that get the same messages in the same order share their path, so a burst to a whole namespace is put
/// together once and goes to each of its clients as one write of the same bytes.
struct OutgoingBatch {
    /// Where a client's messages end.
    struct Tail: Equatable {
        fileprivate let node: Int32

        /// Nothing was sent yet.
        static let root = Tail(node: -1)
    }

    private struct Node {
        let parent: Int32
        let frames: ByteBuffer
        /// Of the whole path.
        let bytes: Int
        let packets: Int
        /// The path's frames in one buffer, once somebody asked.
        var joined: ByteBuffer?
        /// The last message that was placed behind this one, and where.
        var child: (message: Int, node: Int32) = (-1, -1)
    }

    /// As many nodes as are kept for the next batch, at about 100 bytes each.
    private static let spare = 256

    private var nodes: [Node] = []
    private var rootChild: (message: Int, node: Int32) = (-1, -1)
    private var message = 0
    private var frames = ByteBuffer()
    private var packets = 0

    /// Begins with the next message, which `place` then puts behind any number of tails.
    mutating func begin(_ message: WireMessage) {
        self.message += 1
        self.frames = message.frames
        self.packets = message.packetCount
    }

    /// Puts the message behind a client's others.
    mutating func place(behind tail: Tail) -> Tail {
        let parent = Int(tail.node)
        let child = parent < 0 ? self.rootChild : self.nodes[parent].child
        guard child.message != self.message else { return Tail(node: child.node) }

        let added = self.add(self.frames, packets: self.packets, behind: tail)
        if parent < 0 {
            self.rootChild = (self.message, added.node)
        } else {
            self.nodes[parent].child = (self.message, added.node)
        }
        return added
    }

    /// Puts frames that are for one client alone behind its others.
    mutating func add(_ frames: ByteBuffer, packets: Int, behind tail: Tail) -> Tail {
        let before = self.size(at: tail)
        self.nodes.append(
            Node(
                parent: tail.node,
                frames: frames,
                bytes: before.bytes + frames.readableBytes,
                packets: before.packets + packets
            ))
        return Tail(node: Int32(self.nodes.count - 1))
    }

    /// What a tail's client waits for in this batch.
    func size(at tail: Tail) -> Backlog {
        tail == .root
            ? .none
            : Backlog(bytes: self.nodes[Int(tail.node)].bytes, packets: self.nodes[Int(tail.node)].packets)
    }

    /// The frames up to a tail that is not the root, in one buffer.
    mutating func frames(upTo tail: Tail) -> ByteBuffer {
        let index = Int(tail.node)
        let node = self.nodes[index]
        guard node.parent >= 0 else { return node.frames }
        if let joined = node.joined { return joined }

        var path: [Int] = []
        var next = index
        while next >= 0 {
            path.append(next)
            next = Int(self.nodes[next].parent)
        }
        var joined = ByteBuffer()
        joined.reserveCapacity(node.bytes)
        for index in path.reversed() { joined.writeImmutableBuffer(self.nodes[index].frames) }
        self.nodes[index].joined = joined
        return joined
    }

    /// Forgets everything, before the next batch.
    mutating func reset() {
        if self.nodes.capacity > Self.spare { self.nodes = [] } else { self.nodes.removeAll(keepingCapacity: true) }
        self.rootChild = (-1, -1)
        self.frames = ByteBuffer()
    }
}
