package import FoundationEssentials

/// What the server itself keeps over a restart; documents have nothing to do with it.
package struct ServerState: Equatable, Sendable {
    /// Every state there is; the raw values are in the database.
    package enum Key: String, Sendable, CaseIterable {
        /// The Socket.IO clients that may come back, and what they missed.
        case socketRecovery = "socket_recovery"
        /// The ids of the pipelines that somebody paused, one a line.
        case pausedPipelines = "paused_pipelines"
    }

    /// Opaque to the store.
    package var bytes: [UInt8]
    /// To the millisecond.
    package var savedAt: Date

    package init(bytes: [UInt8], savedAt: Date) {
        self.bytes = bytes
        self.savedAt = savedAt
    }
}
