import FoundationEssentials
import Ingest
import Logging
import ServiceLifecycle
import Web

/// Takes what the pipelines record to the Socket.IO clients, until the daemon stops.
///
/// Graceful shutdown: every pipeline goes offline, clients hear of it, and then every session is closed.
struct StatusFeed: Service, CustomStringConvertible {
    /// The shortest time between two `status:update` of a pipeline: 10 a second at most.
    static let updateInterval = Duration.milliseconds(100)

    private let board: StatusBoard
    private let live: LiveStatus
    private let outlet: EventOutlet
    private let sockets: SocketServer
    private let heartbeatInterval: Duration
    private let logger: Logger

    init(
        board: StatusBoard,
        live: LiveStatus,
        outlet: EventOutlet,
        sockets: SocketServer,
        heartbeatInterval: Duration,
        logger: Logger
    ) {
        self.board = board
        self.live = live
        self.outlet = outlet
        self.sockets = sockets
        self.heartbeatInterval = heartbeatInterval
        self.logger = logger
    }

    /// What ServiceLifecycle prints of it.
    var description: String { "status feed" }

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.forward() }
            group.addTask { await self.tick(every: Self.updateInterval) { self.flush() } }
            group.addTask { await self.tick(every: self.heartbeatInterval) { self.sendHeartbeats() } }
            try? await gracefulShutdown()
            await self.stopPipelines()
        }
        self.flush()
        await self.sockets.shutdown()
    }

    /// Forwards until the board closes.
    ///
    /// A feed that fell too far behind starts again from a snapshot.
    private func forward() async {
        while await !self.board.isClosed, !Task.isCancelled {
            for await update in await self.board.updates() {
                switch update {
                case .snapshot(let statuses): self.live.reset(to: statuses)
                case .event(let event): self.live.apply(event, emit: self.outlet.emit)
                }
            }
            guard await !self.board.isClosed, !Task.isCancelled else { return }
            self.logger.warning("Fell behind the pipelines; clients get the whole status instead of each event.")
        }
    }

    private func tick(every interval: Duration, _ body: @escaping @Sendable () -> Void) async {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: interval)
                body()
            }
        }
    }

    private func sendHeartbeats() {
        let memory = ProcessMemory.residentBytes()
        for status in self.live.statuses {
            self.outlet.emit(Wire.heartbeat(status, now: Date(), memory: memory), of: status.pipeline)
        }
    }

    private func flush() { self.live.flush(now: Date(), emit: self.outlet.emit) }

    private func stopPipelines() async {
        for status in await self.board.snapshot() {
            let id = status.pipeline.id
            await self.board.record(IngestEvent(.pipelineStopped(.normalShutdown), in: id, at: Date()))
        }
        await self.board.close()
    }
}
