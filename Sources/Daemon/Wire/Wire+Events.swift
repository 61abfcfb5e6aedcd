package import FoundationEssentials
package import Ingest
package import SocketIO

extension Wire {
    /// What clients are told of an event.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - before: The state of the pipeline before the event.
    ///   - after: The pipeline's status with the event folded in.
    /// - Returns: Nil for an event that shows in `status:update` alone.
    package static func event(_ event: IngestEvent, before: PipelineState, after: PipelineStatus) -> WireEvent? {
        let common = Self.common(after.pipeline, at: event.at)
        switch event.kind {
        case .source:
            guard after.state == .online, before != .online else { return nil }
            return WireEvent(.pipelineOnline, common.with(Self.online(after)))
        case .pipelineStopped(let reason):
            return WireEvent(
                .pipelineOffline,
                common.with([
                    "status": .string("offline"),
                    "shutdown_at": Self.time(event.at),
                    "reason": .string(reason.rawValue),
                ])
            )
        case .pipelineRestored, .pauseChanged, .queueChanged, .documentSkipped, .documentPostponed, .totalsChanged:
            return nil
        default:
            return Self.documentEvent(event, common: common)
        }
    }

    private static func online(_ status: PipelineStatus) -> [String: JSONValue] {
        [
            "status": .string("online"),
            "started_at": Self.time(status.startedAt),
            "check_interval": Self.seconds(status.pipeline.checkInterval),
            "watch_location": .string(status.pipeline.watchLocation),
        ]
    }

    private static func documentEvent(_ event: IngestEvent, common: [String: JSONValue]) -> WireEvent? {
        switch event.kind {
        case .documentStarted(let active):
            let payload: [String: JSONValue] = [
                "file": .object(Self.processing(active)),
                "processing_stage": .string(active.stage.rawValue),
                "estimated_duration": Self.seconds(active.estimatedDuration),
            ]
            return WireEvent(.fileProcessing, common.with(payload))
        case .documentProgressed(let id, let name, let stage, let progress):
            let payload: [String: JSONValue] = [
                "file": .object(["name": .string(name), "id": .string(id.file)]),
                "processing_stage": .string(stage.rawValue),
                "progress": Self.fraction(progress),
            ]
            return WireEvent(.fileProgress, common.with(payload))
        case .documentStored(let completed, _):
            let file = Self.name(completed.document).with(["completed_at": Self.time(completed.completedAt)])
            let payload: [String: JSONValue] = [
                "file": .object(file), "results": Self.results(completed.results), "success": .bool(true),
            ]
            return WireEvent(.fileCompleted, common.with(payload))
        case .documentFailed(let failed, _):
            let file = Self.name(failed.document).with(["failed_at": Self.time(failed.failedAt)])
            let payload: [String: JSONValue] = [
                "file": .object(file), "error": Self.error(failed), "success": .bool(false),
            ]
            return WireEvent(.fileFailed, common.with(payload))
        case .documentRemoved(let id, let name, let chunks, _):
            let file: [String: JSONValue] = [
                "name": .string(name), "id": .string(id.file), "removed_at": Self.time(event.at),
            ]
            return WireEvent(.fileRemoved, common.with(["file": .object(file), "chunks_removed": .int(chunks)]))
        default:
            return nil
        }
    }

    /// `heartbeat`: the daemon is alive; `memory` is its resident size in bytes.
    package static func heartbeat(_ status: PipelineStatus, now: Date, memory: Int?) -> WireEvent {
        let payload: [String: JSONValue] = [
            "status": .string("alive"),
            "uptime": Self.seconds(now.timeIntervalSince(status.startedAt)),
            "memory_usage": Self.int(memory),
            "active_files": .int(status.processing.count),
        ]
        return WireEvent(.heartbeat, Self.common(status.pipeline, at: now).with(payload))
    }

    /// `status:update`: the fields in which `current` differs from what was sent last.
    ///
    /// - Returns: Nil when nothing lasting has changed.
    package static func update(
        of pipeline: Pipeline,
        from last: [String: JSONValue],
        to current: [String: JSONValue],
        now: Date
    ) -> WireEvent? {
        let changes = Self.lasting(current).filter { last[$0.key] != $0.value }
        guard !changes.isEmpty else { return nil }
        let payload: [String: JSONValue] = ["changes": .object(changes), "current_status": .object(current)]
        return WireEvent(.statusUpdate, Self.common(pipeline, at: now).with(payload))
    }
}
