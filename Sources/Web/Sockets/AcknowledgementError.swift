/// Why a client's answer did not come.
package enum AcknowledgementError: Error, Equatable, CustomStringConvertible {
    case timedOut
    case disconnected

    package var description: String {
        switch self {
        case .timedOut: "no answer from the client: it took longer than the time given; ask again or go on without"
        case .disconnected: "no answer from the client: it is not connected; ask again when it returns"
        }
    }
}
