/// The answers a connection is owed, and until when.
struct AcknowledgementBook: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What one answer is for.
    struct Key: Hashable, Sendable {
        let socket: SocketID
        let id: Int
    }

    private var nextID = 0
    private var open: [Key: Instant] = [:]
    /// Not later than the first deadline; the first may have been settled since.
    private(set) var deadline: Instant?

    /// Ids of questions to a single client; those to many begin where these end.
    static let ownIDs = 0..<1 << 32

    /// Starts to wait for an answer under an id of the client's own.
    mutating func open(_ socket: SocketID, until deadline: Instant) -> Int {
        let id = self.nextID
        self.nextID = Self.ownIDs.contains(id + 1) ? id + 1 : 0
        self.open(socket, id, until: deadline)
        return id
    }

    /// Starts to wait for an answer.
    mutating func open(_ socket: SocketID, _ id: Int, until deadline: Instant) {
        self.open[Key(socket: socket, id: id)] = deadline
        self.deadline = min(deadline, self.deadline ?? deadline)
    }

    /// Stops waiting for one answer; false if nobody waited.
    mutating func settle(_ socket: SocketID, _ id: Int) -> Bool {
        let isKnown = self.open.removeValue(forKey: Key(socket: socket, id: id)) != nil
        if self.open.isEmpty { self.deadline = nil }
        return isKnown
    }

    /// Stops waiting for what is overdue, in the order it was asked.
    mutating func expire(now: Instant) -> [Key] {
        guard let deadline = self.deadline, now >= deadline else { return [] }
        let overdue = self.open.filter { $0.value <= now }.keys.sorted { $0.id < $1.id }
        for key in overdue { self.open[key] = nil }
        self.deadline = self.open.values.min()
        return overdue
    }

    /// Stops waiting for anything from a socket that left.
    mutating func forget(_ socket: SocketID) {
        guard !self.open.isEmpty else { return }
        self.open = self.open.filter { $0.key.socket != socket }
        self.deadline = self.open.values.min()
    }
}
