package import FoundationEssentials
import Ingest

/// How it goes, in a word and a sentence: what the headline of the page says.
package struct StatusVerdict: Equatable, Sendable {
    /// What the daemon was last heard to be.
    package enum Connection: Equatable, Sendable {
        case live
        /// It has not answered since then.
        case lost(since: Date, reason: String)
    }

    let headline: String
    let detail: String
    let style: TerminalLine.Style

    private init(_ headline: String, _ detail: String, _ style: TerminalLine.Style) {
        (self.headline, self.detail, self.style) = (headline, detail, style)
    }

    /// The first rule that applies, worst first.
    ///
    /// - Parameters:
    ///   - report: What the daemon said last.
    ///   - connection: Whether it still answers.
    ///   - now: The present.
    init(_ report: StatusReport, _ connection: Connection, now: Date) {
        if case .lost(let since, let reason) = connection {
            let time = PlainWords.span(now.timeIntervalSince(since))
            self.init("Reconnecting", "No answer for \(time); what stands below is from then. \(reason)", .red)
            return
        }
        let pipelines = report.pipelines
        let broken = pipelines.filter { $0.state == "error" }
        let held = report.held.reduce(0) { $0 + $1.count }
        let working = pipelines.reduce(0) { $0 + $1.active.count + $1.waiting }
        let warned = pipelines.first { $0.problem != nil && $0.state != "error" }
        if report.isStopping {
            self.init("Stopping", "The daemon is shutting down in order. This waits for its return.", .grey)
        } else if let first = broken.first {
            let rest = broken.count > 1 ? " And \(PlainWords.counted(broken.count - 1, "more pipeline"))." : ""
            self.init("Not working", "\(first.id): \(first.problem ?? "its log says why").\(rest)", .red)
        } else if held > 0 {
            let detail = "\(PlainWords.counted(held, "file")) went at once and may be missed."
            self.init("Your decision", "\(detail) Searchable until you decide.", .yellow)
        } else if working > 0 {
            self.init("Working", Self.backlog(pipelines), Self.needsAttention(report, now: now) ? .yellow : .blue)
        } else {
            self = Self.quiet(report, warned: warned, now: now)
        }
    }

    /// Nothing is in work, broken or held.
    private static func quiet(_ report: StatusReport, warned: PipelineFacts?, now: Date) -> StatusVerdict {
        let pipelines = report.pipelines
        if pipelines.allSatisfy({ $0.state == "paused" }) {
            return StatusVerdict("Paused", "Nothing is processed until it is resumed.", .grey)
        }
        if pipelines.contains(where: { $0.state == "initializing" }) {
            return StatusVerdict("Starting", "Looking at the folders for the first time.", .blue)
        }
        if let warned { return StatusVerdict("Warning", "\(warned.id): \(warned.problem ?? "")", .yellow) }
        let files = pipelines.reduce(0) { $0 + $1.files }
        let style: TerminalLine.Style = Self.needsAttention(report, now: now) ? .yellow : .green
        guard files > 0 else {
            return StatusVerdict("Ready", "Copy files into a watched folder and they become searchable.", style)
        }
        let chunks = PlainWords.counted(pipelines.reduce(0) { $0 + $1.chunks }, "passage")
        return StatusVerdict("Up to date", "\(PlainWords.counted(files, "file")), \(chunks) searchable.", style)
    }

    private static func backlog(_ pipelines: [PipelineFacts]) -> String {
        let active = pipelines.reduce(0) { $0 + $1.active.count }
        let waiting = pipelines.reduce(0) { $0 + $1.waiting }
        let rate = pipelines.reduce(0) { $0 + $1.rate }
        var text = "\(PlainWords.counted(active, "file")) in progress, "
        text += waiting > 0 ? "\(PlainWords.number(waiting)) waiting" : "none waiting"
        if waiting > 0, rate >= 0.5 {
            text += ", about \(PlainWords.span(max(60, Double(waiting + active) / rate * 60))) left"
        }
        return "\(text)."
    }

    /// A failure that is neither recent nor will be tried again is no alarm.
    private static func needsAttention(_ report: StatusReport, now: Date) -> Bool {
        report.pipelines.contains { pipeline in
            pipeline.problem != nil || pipeline.retryingFiles > 0
                || pipeline.failed.contains { $0.at.map { now.timeIntervalSince($0) < 3_600 } ?? false }
        }
    }
}
