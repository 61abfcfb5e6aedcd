import SocketIO

/// The sockets of one namespace on one event loop, in a list that a broadcast walks from end to end.
final class NamespaceMembers {
    /// A socket and its client.
    struct Member {
        let id: SocketID
        let client: ClientSession
        /// What it is found by when it comes back; nil if it cannot.
        let membership: RecoverableMembership?
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

    /// Does something for each socket that an event is for.
    func forEach(in audience: Audience, _ body: (Member) -> Void) {
        let isForAll = audience.except.isEmpty && audience.exceptRooms.isEmpty
        switch audience.target {
        case .everyone where isForAll:
            for member in self.list { body(member) }
        case .everyone:
            for member in self.list where !self.isExcepted(member.id, audience) { body(member) }
        case .rooms(let rooms):
            for id in self.rooms.members(ofAny: rooms) where isForAll || !self.isExcepted(id, audience) {
                if let member = self[id] { body(member) }
            }
        case .socket(let id):
            if let member = self[id], !self.isExcepted(id, audience) { body(member) }
        }
    }

    private func isExcepted(_ id: SocketID, _ audience: Audience) -> Bool {
        guard !audience.except.contains(id) else { return true }
        guard !audience.exceptRooms.isEmpty else { return false }
        let rooms = self.rooms.rooms(of: id)
        return audience.exceptRooms.contains { rooms.contains($0) }
    }

    /// The socket of this id.
    subscript(id: SocketID) -> Member? { self.positions[id].map { self.list[$0] } }
}
