import Ingest
import SocketIO
import Synchronization
import Web

/// The sockets whose tokens cover some pipelines only; those that may hear everything are not in here.
final class LimitedSockets: Sendable {
    private let grants = Mutex<[SocketID: Set<PipelineID>]>([:])

    /// A socket joined a namespace with this grant.
    func add(_ socket: SocketID, _ grant: Grant) {
        guard let pipelines = grant.pipelines else { return }
        self.grants.withLock { $0[socket] = pipelines }
    }

    /// A socket left.
    func remove(_ socket: SocketID) { self.grants.withLock { $0[socket] = nil } }

    /// Those of the pipelines that a socket may know of.
    func visible(_ pipelines: [Pipeline], to socket: SocketID) -> [Pipeline] {
        guard let covered = self.grants.withLock({ $0[socket] }) else { return pipelines }
        return pipelines.filter { covered.contains($0.id) }
    }
}
