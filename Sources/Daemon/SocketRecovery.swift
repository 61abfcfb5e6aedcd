import FoundationEssentials
import Ingest
import Logging
import Storage
import Web

/// Takes the sockets that may come back, and what they missed, over a restart of the daemon.
///
/// What cannot be read or written costs clients a fresh status, nothing else: it is logged, and the daemon goes on.
struct SocketRecovery: Sendable {
    let store: SQLiteStore
    let realtime: RealtimeParts
    /// Sockets of other pipelines than these would wait for events that never come.
    let pipelines: [Pipeline]
    /// What sockets were allowed to hear is what they get when they come back.
    let access: AccessControl
    let isEnabled: Bool
    let logger: Logger

    /// Gives the server what an earlier process saved; before anything is emitted and any client can connect.
    func restore() async {
        do {
            guard let state = try await self.store.take(.socketRecovery), self.isEnabled else { return }
            guard let saved = SavedSockets(decoding: state.bytes), saved.pipelines == self.names,
                saved.grants == self.access.grantsDigest
            else {
                self.logger.info("Pipelines or tokens are others than before; clients that come back start afresh.")
                return
            }
            try self.realtime.sockets.restoreRecovery(from: saved.sockets)
            self.realtime.live.assumeNothingIsKnown()
        } catch {
            self.logger.warning(
                "Clients that come back start afresh: what was saved of them cannot be used.",
                metadata: ["error": "\(error)"]
            )
        }
    }

    /// Saves what the server knows; when every session has ended and nothing is emitted any more.
    func save() async {
        guard let sockets = self.realtime.sockets.recoveryState() else { return }
        let saved = SavedSockets(grants: self.access.grantsDigest, pipelines: self.names, sockets: sockets)
        do {
            try await self.store.save(ServerState(bytes: saved.encoded(), savedAt: Date()), as: .socketRecovery)
        } catch {
            self.logger.warning(
                "Clients that come back start afresh: what they missed could not be saved.",
                metadata: ["error": "\(error)"]
            )
        }
    }

    private var names: [String] { self.pipelines.map { "\($0.type.rawValue) \($0.id)" } }
}
