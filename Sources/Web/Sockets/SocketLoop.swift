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
    struct Place {
        let client: ClientSession
        let members: NamespaceMembers
    }

    let server: SocketServer
    let shard: SocketShard
    let namespaces: [String: NamespaceMembers]
    var sessions: [Identifier: ClientSession] = [:]
    var sockets: [SocketID: Place] = [:]
    var metrics = SocketMetrics()
    /// What this batch sends over WebSockets.
    var outgoing = OutgoingBatch()
    /// What this batch sends over WebSockets of other event loops.
    var distant: [DistantWrite] = []
    /// Kept when the last session is gone, or has had its time, once the server stops.
    var stopPromises: [EventLoopPromise<Void>] = []
    var isStopping = false
    /// Whether those that were told of the stop have had their time to take leave.
    var isPatienceOver = false
    /// Whether it is in the middle of something that no command may come between.
    private(set) var isBusy = false
    /// For answers to polls of this event loop's connections.
    private(set) lazy var gzip = GzipEncoder()
    private var dirty: [ClientSession] = []
    private var batchDepth = 0
    private var isFlushScheduled = false
    private var timers = TimerQueue()
    private var alarm: (deadline: ContinuousClock.Instant, scheduled: Scheduled<Void>)?
    private var generator = SystemRandomNumberGenerator()

    init(server: SocketServer, shard: SocketShard) {
        self.server = server
        self.shard = shard
        self.namespaces = server.namespaces.mapValues { NamespaceMembers(namespace: $0) }
    }

    var configuration: SocketConfiguration { self.server.configuration }

    /// Runs an entry, then flushes whoever got something.
    func batch(_ body: () -> Void) {
        self.batchDepth += 1
        body()
        self.batchDepth -= 1
        guard self.batchDepth == 0 else { return }

        // A flush may end a session, whose goodbye may mark another one.
        self.batchDepth = 1
        while let client = self.dirty.popLast() {
            client.isDirty = false
            if !client.isWebSocket, !client.engine.isClosed { self.apply(client.engine.flush(), to: client) }
            self.flush(client)
        }
        self.batchDepth = 0
        self.outgoing.reset()
        self.writeDistant()
        if self.isStopping, self.sessions.isEmpty || self.isPatienceOver {
            for promise in self.stopPromises { promise.succeed() }
            self.stopPromises = []
        }
    }

    /// Runs an entry like `batch`, but flushes only after all that the event loop has read in one go.
    ///
    /// Answering each client between reading from it and from the next costs a fifth more: whoever is woken by the
    /// first answer competes with the rest of the work.
    func collect(_ body: () -> Void) {
        self.batchDepth += 1
        body()
        self.batchDepth -= 1
        guard self.batchDepth == 0, !self.isFlushScheduled, !self.dirty.isEmpty else { return }
        self.isFlushScheduled = true
        let shard = self.shard
        shard.eventLoop.execute {
            shard.run { $0.isFlushScheduled = false }
        }
    }

    /// Does something that calls the application, whose commands have to wait until it is done.
    func busily(_ body: () -> Void) {
        let wasBusy = self.isBusy
        self.isBusy = true
        body()
        self.isBusy = wasBusy
    }

    /// Puts a session on the list of those to flush.
    func mark(_ client: ClientSession) {
        guard !client.isDirty else { return }
        client.isDirty = true
        self.dirty.append(client)
    }

    /// A name nobody can guess.
    func makeSessionID() -> Identifier { Identifier(shard: self.shard.index, using: &self.generator) }

    /// A name for a socket, not derived from its session's.
    func makeSocketID() -> SocketID { SocketID(shard: self.shard.index, using: &self.generator) }

    /// A name for a client to come back with.
    func makePrivateID() -> PrivateID { PrivateID(using: &self.generator) }

    /// Counts a refused request.
    func count(_ rejection: Rejection) { self.metrics.rejections[rejection, default: 0] += 1 }
}

// MARK: - Time

extension SocketLoop {
    /// Makes sure the session's machines are asked when time has passed.
    ///
    /// A deadline that moved away costs nothing: the timer fires, finds nothing to do and is set anew.
    func arm(_ client: ClientSession) {
        guard let deadline = client.deadline else {
            client.timer = nil
            return
        }
        if let timer = client.timer, timer <= deadline { return }
        client.timer = deadline
        self.timers.add(client.sid, at: deadline)
        self.setAlarm()
    }

    private func setAlarm() {
        guard let next = self.timers.next else { return }
        if let alarm = self.alarm, alarm.deadline <= next { return }
        self.alarm?.scheduled.cancel()
        let shard = self.shard
        let delay = max(next - .now, .milliseconds(1))
        let scheduled = shard.eventLoop.scheduleTask(in: TimeAmount(delay)) { shard.run { $0.ring() } }
        self.alarm = (next, scheduled)
    }

    private func ring() {
        self.alarm = nil
        let now = ContinuousClock.now
        // A machine that wants to be asked again at once is asked again later: it must not hold up the others.
        var due: [(sid: Identifier, deadline: ContinuousClock.Instant)] = []
        while let next = self.timers.popDue(now: now) { due.append(next) }
        for due in due {
            guard let client = self.sessions[due.sid], client.timer == due.deadline else { continue }
            client.timer = nil
            self.apply(client.engine.tick(now: now), to: client)
            self.apply(client.connection?.tick(now: now) ?? [], to: client)
            self.arm(client)
        }
        self.setAlarm()
    }
}
