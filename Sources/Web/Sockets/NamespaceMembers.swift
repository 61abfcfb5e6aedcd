import SocketIO

/// The sockets of one namespace on one event loop, in a list that a broadcast walks from end to end.
final class NamespaceMembers {
    /// A socket and its client.
    struct Member {
        let id: SocketID
        let client: ClientSession
        /// What happened up to this place in the log has reached it already.
        var recoveredUpTo = 0
    }

    let namespace: SocketNamespace
    var rooms = RoomIndex<SocketID>()
    private(set) var list: ContiguousArray<Member> = []
    private var positions: [SocketID: Int] = [:]

    init(namespace: SocketNamespace) { self.namespace = namespace }

    /// Adds a socket that is not in the list.
    func add(_ member: Member) {
        self.positions[member.id] = self.list.count
        self.list.append(member)
    }

    /// Takes a socket out of the list and its rooms; the last one takes its place.
    func remove(_ id: SocketID) {
        self.rooms.leaveAll(id)
        guard let position = self.positions.removeValue(forKey: id), let last = self.list.popLast() else { return }
        if last.id != id {
            self.list[position] = last
            self.positions[last.id] = position
        }
        if self.list.isEmpty {
            self.list = []
            self.positions = [:]
        }
    }

    /// The socket of this id.
    subscript(id: SocketID) -> Member? { self.positions[id].map { self.list[$0] } }
}
