/// Which sockets of a namespace an event was for.
package struct Audience: Equatable, Sendable {
    /// Whom it is for before anyone is left out.
    package enum Target: Equatable, Sendable {
        case everyone
        /// Who is in at least one of these.
        case rooms([String])
        case socket(SocketID)
    }

    package let target: Target
    /// Sockets left out.
    package let except: [SocketID]
    /// Rooms whose members are left out.
    package let exceptRooms: [String]

    /// Describes an audience.
    ///
    /// - Parameters:
    ///   - target: Whom the event is for.
    ///   - except: Sockets left out.
    ///   - exceptRooms: Rooms whose members are left out.
    package init(_ target: Target, except: [SocketID] = [], exceptRooms: [String] = []) {
        self.target = target
        self.except = except
        self.exceptRooms = exceptRooms
    }

    /// Whether a socket that is in these rooms belongs to it.
    package func includes(_ socket: SocketID, in rooms: Set<String>) -> Bool {
        let isMeant =
            switch self.target {
            case .everyone: true
            case .rooms(let names): names.contains { rooms.contains($0) }
            case .socket(let id): id == socket
            }
        return isMeant && !self.except.contains(socket) && !self.exceptRooms.contains { rooms.contains($0) }
    }
}
