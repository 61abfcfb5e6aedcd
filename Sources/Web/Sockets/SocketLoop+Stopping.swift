import EngineIO
import NIOCore
import SocketIO

/// How the sessions of an event loop end when the server stops.
extension SocketLoop {
    /// How often some of them are closed.
    private static let step = Duration.milliseconds(20)

    /// Closes all sessions, a few at a time: clients that lose their connection together come back together.
    ///
    /// A few clients are closed at once, each further one a millisecond later, thousands over `shutdownSpread`, so that
    /// the server that follows this one takes them in as they come.
    func stop() {
        guard !self.isStopping else { return }
        self.isStopping = true
        let sessions = Array(self.sessions.keys)
        let spread = min(self.configuration.shutdownSpread, .milliseconds(sessions.count))
        let steps = max(1, Int(spread / Self.step))
        self.close(sessions[...], (sessions.count + steps - 1) / steps)
    }

    private func close(_ sessions: ArraySlice<Identifier>, _ count: Int) {
        let now = ContinuousClock.now
        for sid in sessions.prefix(count) {
            guard let client = self.sessions[sid] else { continue }
            self.apply(client.engine.close(.serverShutdown, now: now), to: client)
            self.arm(client)
        }
        let rest = sessions.dropFirst(count)
        let shard = self.shard
        guard !rest.isEmpty else {
            let grace = TimeAmount(self.configuration.shutdownGrace)
            shard.eventLoop.scheduleTask(in: grace) { shard.run { $0.isPatienceOver = true } }
            return
        }
        shard.eventLoop.scheduleTask(in: TimeAmount(Self.step)) {
            shard.run { $0.close(rest, count) }
        }
    }
}
