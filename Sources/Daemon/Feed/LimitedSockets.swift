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

    /// The only pipelines that a socket may know of; nil means all.
    func covered(by socket: SocketID) -> Set<PipelineID>? { self.grants.withLock { $0[socket] } }
}
