import EngineIO
import Logging
import NIOCore
import SocketIO

/// The sockets of one event loop: every session that began there, for all its life.
///
/// Nothing in here is locked or leaves the loop. Every entry runs inside `batch`, at the end of which each session
/// that got something is flushed, once.
final class SocketLoop {
    /// A socket's place.
    struct Entry {
        let client: ClientSession
        let namespace: String
    }

    /// The sockets of one namespace.
    struct Members {
        let namespace: SocketNamespace
        var clients: [SocketID: ClientSession] = [:]
        var rooms = RoomIndex<SocketID>()
    }

    let server: SocketServer
    let shard: SocketShard
    var sessions: [Identifier: ClientSession] = [:]
    var sockets: [SocketID: Entry] = [:]
    var namespaces: [String: Members]
    var metrics = SocketMetrics()
    /// Kept when the last session is gone, once the server stops.
    var stopPromises: [EventLoopPromise<Void>] = []
    var isStopping = false
    private var dirty: [ClientSession] = []
    private var batchDepth = 0
    private var generator = SystemRandomNumberGenerator()

    init(server: SocketServer, shard: SocketShard) {
        self.server = server
        self.shard = shard
        self.namespaces = server.namespaces.mapValues { Members(namespace: $0) }
    }

    var configuration: SocketConfiguration { self.server.configuration }

    /// Runs an entry, then flushes whoever got something and publishes what was counted.
    func batch(_ body: () -> Void) {
        self.batchDepth += 1
        body()
        self.batchDepth -= 1
        guard self.batchDepth == 0 else { return }

        while let client = self.dirty.popLast() {
            client.isDirty = false
            if !client.engine.isClosed { self.apply(client.engine.flush(), to: client) }
            self.flush(client)
        }
        self.shard.metrics = self.metrics
        if self.isStopping, self.sessions.isEmpty {
            for promise in self.stopPromises { promise.succeed() }
            self.stopPromises = []
        }
    }

    /// Puts a session on the list of those to flush.
    func mark(_ client: ClientSession) {
        guard !client.isDirty else { return }
        client.isDirty = true
        self.dirty.append(client)
    }

    /// Hands a session's frames to its WebSocket.
    func flush(_ client: ClientSession) {
        guard !client.outbox.isEmpty else { return }
        client.webSocket?.write(client.outbox)
        client.outbox.removeAll(keepingCapacity: true)
    }

    /// A name nobody can guess.
    func makeSessionID() -> Identifier { Identifier(shard: self.shard.index, using: &self.generator) }

    /// A name for a socket, not derived from its session's.
    func makeSocketID() -> SocketID { SocketID(shard: self.shard.index, using: &self.generator) }

    /// Counts a refused request.
    func countRejection() { self.metrics.rejectedRequests += 1 }

    /// Makes sure the session's machines are asked when time has passed.
    ///
    /// A deadline that moved away costs nothing: the timer fires, finds nothing to do and is set anew.
    func arm(_ client: ClientSession) {
        guard let deadline = client.deadline else {
            client.timer?.scheduled.cancel()
            client.timer = nil
            return
        }
        if let timer = client.timer, timer.deadline <= deadline { return }
        client.timer?.scheduled.cancel()
        let shard = self.shard
        let sid = client.sid
        let delay = max(deadline - .now, .zero)
        let scheduled = self.shard.eventLoop.scheduleTask(in: TimeAmount(delay)) {
            shard.run { $0.tick(sid) }
        }
        client.timer = (deadline, scheduled)
    }

    private func tick(_ sid: Identifier) {
        guard let client = self.sessions[sid] else { return }
        client.timer = nil
        let now = ContinuousClock.now
        self.apply(client.engine.tick(now: now), to: client)
        self.apply(client.connection.tick(now: now), to: client)
        self.arm(client)
    }
}
