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

    /// A message that is placed behind any number of tails.
    struct Placement {
        let message: WireMessage
        fileprivate let number: Int
    }

    /// What was placed behind a node: where to, by the number of the message.
    private struct Children {
        private var last: (number: Int, node: Int32) = (-1, -1)
        private var other: (number: Int, node: Int32) = (-1, -1)

        /// Two, because an event may go out in two forms.
        subscript(number: Int) -> Int32? {
            get {
                if self.last.number == number { return self.last.node }
                return self.other.number == number ? self.other.node : nil
            }
            set {
                self.other = self.last
                self.last = (number, newValue ?? -1)
            }
        }
    }

    private struct Node {
        let parent: Int32
        let frames: ByteBuffer
        /// Of the whole path.
        let bytes: Int
        let packets: Int
        /// The path's frames in one buffer, once somebody asked.
        var joined: ByteBuffer?
        var children = Children()
    }

    /// As many nodes as are kept for the next batch, at about 100 bytes each.
    private static let spare = 256

    private var nodes: [Node] = []
    private var children = Children()
    private var messages = 0

    /// Begins with a message.
    mutating func begin(_ message: WireMessage) -> Placement {
        self.messages += 1
        return Placement(message: message, number: self.messages)
    }

    /// Puts a message behind a client's others.
    mutating func place(_ placement: Placement, behind tail: Tail) -> Tail {
        let parent = Int(tail.node)
        let known = parent < 0 ? self.children[placement.number] : self.nodes[parent].children[placement.number]
        if let known { return Tail(node: known) }

        let message = placement.message
        let added = self.add(message.frames, packets: message.packetCount, behind: tail)
        if parent < 0 {
            self.children[placement.number] = added.node
        } else {
            self.nodes[parent].children[placement.number] = added.node
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
        self.children = Children()
    }
}
