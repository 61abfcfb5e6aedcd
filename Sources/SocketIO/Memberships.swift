/// How far a client is in each namespace it asked for.
///
/// A list and no dictionary: nearly every client has one or two, and there are bounds for the others.
struct Memberships: Sendable {
    /// One client's place in one namespace.
    enum State: Equatable, Sendable {
        case authorising
        case joined(SocketID)
        /// Put out by the server; packets the client sent before it knew are not its fault.
        case left
    }

    private var entries: [(namespace: String, state: State)] = []

    init() {}

    var count: Int { self.entries.count }

    /// The sockets, in the order in which their namespaces were asked for.
    var sockets: [(namespace: String, id: SocketID)] {
        self.entries.compactMap { entry in
            if case .joined(let id) = entry.state { (entry.namespace, id) } else { nil }
        }
    }

    subscript(namespace: String) -> State? {
        get { self.entries.first { $0.namespace == namespace }?.state }
        set {
            let index = self.entries.firstIndex { $0.namespace == namespace }
            switch (index, newValue) {
            case (let index?, let state?): self.entries[index].state = state
            case (let index?, nil): self.entries.remove(at: index)
            case (nil, let state?): self.entries.append((namespace, state))
            case (nil, nil): break
            }
        }
    }
}
