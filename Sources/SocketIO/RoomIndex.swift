/// Who is in which room of one namespace, on one event loop.
package struct RoomIndex<Member: Hashable & Sendable>: Sendable {
    private var members: [String: Set<Member>] = [:]
    private var rooms: [Member: Set<String>] = [:]

    package init() {}

    /// How many rooms have a member.
    package var count: Int { self.members.count }

    /// Puts a member into rooms; one that it is in already changes nothing.
    package mutating func join(_ member: Member, _ names: some Sequence<String>) {
        for name in names {
            self.members[name, default: []].insert(member)
            self.rooms[member, default: []].insert(name)
        }
    }

    /// Takes a member out of rooms; an empty room is forgotten.
    package mutating func leave(_ member: Member, _ names: some Sequence<String>) {
        for name in names {
            self.members[name]?.remove(member)
            if self.members[name]?.isEmpty == true { self.members[name] = nil }
            self.rooms[member]?.remove(name)
        }
        if self.rooms[member]?.isEmpty == true { self.rooms[member] = nil }
    }

    /// Takes a member out of all its rooms.
    package mutating func leaveAll(_ member: Member) {
        self.leave(member, self.rooms[member] ?? [])
    }

    /// The rooms of a member.
    package func rooms(of member: Member) -> Set<String> { self.rooms[member] ?? [] }

    /// Everyone who is in at least one of the rooms, each once.
    package func members(ofAny names: [String]) -> Set<Member> {
        guard let first = names.first else { return [] }
        return names.dropFirst().reduce(into: self.members[first] ?? []) { union, name in
            if let more = self.members[name] { union.formUnion(more) }
        }
    }
}
