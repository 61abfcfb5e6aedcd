package import Ingest

/// What the daemon does, as `systemctl status` shows it: `watching 2 pipelines, 14 files queued, 2 in work`.
package enum StatusLine {
    /// The line of a daemon that serves, from the statuses of all its pipelines.
    package static func watching(_ statuses: [PipelineStatus]) -> String {
        let queued = statuses.reduce(0) { $0 + $1.queued }
        let inWork = statuses.reduce(0) { $0 + $1.processing.count }
        let troubled = statuses.filter { $0.state == .error }.map(\.pipeline.id.rawValue)
        var parts = ["watching \(statuses.count.counted("pipeline"))"]
        if !troubled.isEmpty { parts.append("in trouble: \(troubled.joined(separator: " "))") }
        if queued > 0 { parts.append("\(queued.counted("file")) queued") }
        if inWork > 0 { parts.append("\(inWork) in work") }
        if queued == 0, inWork == 0 {
            parts.append("\(statuses.reduce(0) { $0 + $1.stored.documents }.counted("document")) searchable")
        }
        return parts.joined(separator: ", ")
    }

    /// The line of a daemon that was told to stop.
    package static func stopping(_ statuses: [PipelineStatus]) -> String {
        let inWork = statuses.reduce(0) { $0 + $1.processing.count }
        return inWork == 0 ? "stopping" : "stopping, finishing \(inWork.counted("file")) in work"
    }
}
