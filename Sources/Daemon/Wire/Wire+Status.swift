package import FoundationEssentials
package import Ingest
package import SocketIO

extension Wire {
    /// The body of `pipeline:status` and of `GET /status`.
    package static func status(_ status: PipelineStatus, now: Date) -> [String: JSONValue] {
        Self.common(status.pipeline, at: now).with(Self.activity(status)).with(Self.counts(status)).with([
            "seconds_until_next_check": Self.seconds(status.nextCheckAt.map { max(0, $0.timeIntervalSince(now)) }),
            "websocket_enabled": .bool(true),
            "websocket_path": .string("/socket.io"),
        ])
    }

    /// The fields of a status that are a matter of state, not of the moment at which one asks.
    package static func lasting(_ status: [String: JSONValue]) -> [String: JSONValue] {
        status.filter { !["timestamp", "seconds_until_next_check"].contains($0.key) }
    }

    private static func activity(_ status: PipelineStatus) -> [String: JSONValue] {
        [
            "status": .string(status.state.rawValue),
            "problem": Self.string(status.notice),
            "started_at": Self.time(status.startedAt),
            "last_activity": Self.time(status.lastActivityAt),
            "last_check_time": Self.time(status.lastCheckAt),
            "next_check_time": Self.time(status.nextCheckAt),
            "check_interval": Self.seconds(status.pipeline.checkInterval),
            "is_checking": .bool(status.isChecking),
            "watch_location": .string(status.pipeline.watchLocation),
        ]
    }

    private static func counts(_ status: PipelineStatus) -> [String: JSONValue] {
        let processing = status.processing.map { active in
            JSONValue.object(
                Self.processing(active).with([
                    "processing_stage": .string(active.stage.rawValue),
                    "progress": Self.fraction(active.progress),
                ])
            )
        }
        return [
            "files_processing": .array(processing),
            "files_completed": .array(status.completed.map(Self.completed)),
            "files_failed": .array(status.failed.map(Self.failed)),
            "files_queued": .int(status.queued),
            "total_processed": .int(status.totalProcessed),
            "total_failed": .int(status.totalFailed),
            "total_skipped": .int(status.totalSkipped),
            "total_removed": .int(status.totalRemoved),
            "total_files": .int(status.stored.documents),
            "total_chunks": .int(status.stored.chunks),
            "failed_files": .int(status.stored.failed),
            "retrying_files": .int(status.stored.retrying),
        ]
    }
}
