package import SocketIO

/// One Socket.IO event of the contract, from the server.
package struct WireEvent: Equatable, Sendable {
    /// Every event that the server sends; the raw values are wire format.
    package enum Kind: String, Sendable, CaseIterable {
        case pipelineOnline = "pipeline:online"
        case pipelineOffline = "pipeline:offline"
        case pipelineStatus = "pipeline:status"
        case fileProcessing = "file:processing"
        case fileProgress = "file:progress"
        case fileCompleted = "file:completed"
        case fileFailed = "file:failed"
        case fileRemoved = "file:removed"
        case statusUpdate = "status:update"
        case heartbeat
    }

    package let kind: Kind
    package let payload: [String: JSONValue]

    package init(_ kind: Kind, _ payload: [String: JSONValue]) {
        self.kind = kind
        self.payload = payload
    }

    package var name: String { self.kind.rawValue }
}
