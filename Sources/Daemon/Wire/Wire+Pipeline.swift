package import FoundationEssentials
package import Ingest
package import SocketIO

extension Wire {
    /// The body of `GET /api/pipelines/{id}`: the status, and the last hour minute by minute.
    package static func pipeline(_ status: PipelineStatus, now: Date) -> [String: JSONValue] {
        let hour = status.history.lastHour(now: now)
        return Self.status(status, now: now).with([
            "is_paused": .bool(status.isPaused),
            "history": [
                "from": Self.time(ActivityHistory.start(now: now)),
                "bucket_seconds": .int(ActivityHistory.bucketSeconds),
                "completed": .array(hour.map { .int($0.completed) }),
                "failed": .array(hour.map { .int($0.failed) }),
            ],
        ])
    }
}
