package import SocketIO

/// Who gets an event.
package enum Recipients: Equatable, Sendable {
    /// Every socket of the namespace.
    case everyone
    /// Every socket in at least one of these rooms, once.
    case rooms([String])
    /// One socket.
    case socket(SocketID)
}
