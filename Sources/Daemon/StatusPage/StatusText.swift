package import FoundationEssentials
import Ingest

extension StatusReport {
    /// The status as plain lines, for pipes and files: no bars, no control sequences.
    ///
    /// - Parameter now: The present.
    /// - Returns: One block a pipeline, without a line break at the end.
    package func plainText(now: Date) -> String {
        self.pipelines.map { self.block($0, now: now).joined(separator: "\n") }.joined(separator: "\n\n")
    }

    private func block(_ pipeline: PipelineFacts, now: Date) -> [String] {
        var lines = ["\(pipeline.id): \(pipeline.state), \(pipeline.type) \(pipeline.place)"]
        if let problem = pipeline.problem { lines.append("  problem: \(problem)") }
        lines.append("  \(pipeline.countText)")
        let hour = pipeline.minutes.reduce(0, +).counted("file")
        var moments = ["\(hour) in the last hour, \(PlainWords.rounded(pipeline.rate)) a minute now"]
        if let left = pipeline.secondsLeft { moments.append("done in about \(PlainWords.span(left))") }
        if let next = pipeline.nextCheckText(now: now) { moments.append(next) }
        lines.append("  \(moments.joined(separator: "; "))")
        for file in pipeline.active {
            lines.append("  in progress: \(file.name): \(file.stage), \(Int(file.progress * 100))%")
        }
        for file in pipeline.failed { lines.append("  failed: \(file.text(now: now))") }
        for held in self.held where held.pipeline == pipeline.id {
            lines.append("  held: \(held.count.counted("file")) went at once; 'corpusd deletions list' names them")
        }
        for file in pipeline.completed { lines.append("  completed: \(file.name): \(file.text)") }
        return lines
    }
}

extension PipelineFacts {
    /// What is stored, what waits and what failed.
    var countText: String {
        "\(self.files.counted("file")), \(self.chunks.counted("passage")), \(self.waiting) waiting, "
            + "\(self.failedFiles) failed, \(self.retryingFiles) tried again"
    }

    /// Nil where no check is planned.
    func nextCheckText(now: Date) -> String? {
        if self.isChecking { return "checking now" }
        return self.nextCheckAt.map { "next check in \(PlainWords.clock(until: $0, now: now))" }
    }
}

extension PipelineFacts.Completed {
    /// `12 passages, all reused, 2.4 s`.
    var text: String {
        var parts = [PlainWords.counted(self.chunks, "passage")]
        if self.reused > 0 {
            parts.append(self.reused == self.chunks ? "all reused" : "\(PlainWords.number(self.reused)) reused")
        }
        if let seconds { parts.append(PlainWords.took(seconds)) }
        return parts.joined(separator: ", ")
    }
}

extension PipelineFacts.Failed {
    /// `extraction, attempt 2, next try in 0:30`.
    func plan(now: Date) -> String {
        var parts = [self.stage]
        if self.attempt > 1 { parts.append("attempt \(self.attempt)") }
        if let next = self.nextAttemptAt {
            parts.append(next > now ? "next try in \(PlainWords.clock(until: next, now: now))" : "next try soon")
        } else {
            parts.append("not tried again")
        }
        return parts.joined(separator: ", ")
    }

    /// One line of plain text.
    func text(now: Date) -> String { "\(self.name): \(self.message) (\(self.plan(now: now)))" }
}
