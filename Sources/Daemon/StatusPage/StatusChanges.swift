package import FoundationEssentials
import Ingest

/// What has happened between two looks at the daemon, as plain lines for a pipe.
package struct StatusChanges: Sendable {
    package let lines: [String]

    /// - Parameters:
    ///   - before: The look before.
    ///   - after: The newest one.
    ///   - now: The present.
    package init(from before: StatusReport, to after: StatusReport, now: Date) {
        let known = Dictionary(before.pipelines.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var lines: [String] = []
        for pipeline in after.pipelines {
            guard let earlier = known[pipeline.id] else {
                lines.append("\(pipeline.id): \(pipeline.state), \(pipeline.countText)")
                continue
            }
            lines += Self.lines(from: earlier, to: pipeline, now: now).map { "\(pipeline.id): \($0)" }
        }
        for held in after.held where held.count != before.held.first(where: { $0.pipeline == held.pipeline })?.count {
            lines.append("\(held.pipeline): \(held.count.counted("deletion")) held; 'corpusd deletions' decides")
        }
        self.lines = lines
    }

    private static func lines(from before: PipelineFacts, to after: PipelineFacts, now: Date) -> [String] {
        var lines: [String] = []
        if (before.state, before.problem) != (after.state, after.problem) {
            lines.append(after.state + (after.problem.map { ": \($0)" } ?? ""))
        }
        // The newest are first.
        for file in after.completed.reversed() where !before.completed.contains(file) {
            lines.append("completed: \(file.name): \(file.text)")
        }
        for file in after.failed.reversed() where !before.failed.contains(file) {
            lines.append("failed: \(file.text(now: now))")
        }
        if before.countText != after.countText { lines.append(after.countText) }
        return lines
    }
}
