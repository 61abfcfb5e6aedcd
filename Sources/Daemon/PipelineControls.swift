import FoundationEssentials
import Ingest
import Logging
import Storage
import Synchronization

/// What a person may do to a pipeline while it runs: pause it, let it go on, have it checked.
struct PipelineControls: Sendable {
    /// Why a pipeline was not checked.
    enum CheckRefusal: Error {
        case isPaused
        case cannotBeAsked
    }

    private let sources: [any Source]
    private let dispatcher: JobDispatcher
    private let board: StatusBoard
    private let store: SQLiteStore
    private let logger: Logger

    init(
        sources: [any Source], dispatcher: JobDispatcher, board: StatusBoard, store: SQLiteStore, logger: Logger
    ) {
        self.sources = sources
        self.dispatcher = dispatcher
        self.board = board
        self.store = store
        self.logger = logger
    }

    /// Pauses what was paused when the daemon stopped; before anything is watched.
    func restore() async {
        do {
            let saved = try await self.store.read(.pausedPipelines)
            let ids = Set(String(decoding: saved?.bytes ?? [], as: UTF8.self).split(separator: "\n").map(String.init))
            for source in self.sources where ids.contains(source.pipeline.id.rawValue) {
                await self.setPaused(true, source.pipeline.id)
                self.logger.notice("The pipeline is still paused.", metadata: ["pipeline": "\(source.pipeline.id)"])
            }
        } catch {
            self.logger.warning(
                "Could not read which pipelines were paused; all of them go on.", metadata: ["error": "\(error)"]
            )
        }
    }

    /// Stops the work on a pipeline's files, also over a restart; what is in hand is finished.
    ///
    /// - Throws: `StoreError` when it cannot be remembered; then nothing has changed.
    func pause(_ pipeline: PipelineID) async throws { try await self.change(pipeline, isPaused: true) }

    /// Ends a pause.
    ///
    /// - Throws: As `pause`.
    func resume(_ pipeline: PipelineID) async throws { try await self.change(pipeline, isPaused: false) }

    /// Has a pipeline's place checked now.
    func rescan(_ pipeline: PipelineID) throws(CheckRefusal) {
        guard !self.dispatcher.isPaused(pipeline) else { throw .isPaused }
        let source = self.sources.first { $0.pipeline.id == pipeline }
        guard source?.requestCheck() == true else { throw .cannotBeAsked }
    }

    private func change(_ pipeline: PipelineID, isPaused: Bool) async throws {
        var paused = Set(self.sources.map(\.pipeline.id).filter { self.dispatcher.isPaused($0) })
        if isPaused { paused.insert(pipeline) } else { paused.remove(pipeline) }
        let lines = paused.map(\.rawValue).sorted().joined(separator: "\n")
        try await self.store.save(ServerState(bytes: Array(lines.utf8), savedAt: Date()), as: .pausedPipelines)
        await self.setPaused(isPaused, pipeline)
        self.logger.notice(
            isPaused ? "A pipeline was paused." : "A pipeline goes on.", metadata: ["pipeline": "\(pipeline)"]
        )
    }

    private func setPaused(_ isPaused: Bool, _ pipeline: PipelineID) async {
        if isPaused { self.dispatcher.pause(pipeline) } else { self.dispatcher.resume(pipeline) }
        await self.board.record(IngestEvent(.pauseChanged(isPaused: isPaused), in: pipeline, at: Date()))
    }
}
