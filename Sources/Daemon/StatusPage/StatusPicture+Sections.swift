import FoundationEssentials

extension StatusPicture {
    private static let barWidth = 16
    /// Parts of the letter that a bar ends in.
    private static let eighths = Array("▏▎▍▌▋▊▉")

    private static let stages = [
        "extraction": "extracting text", "chunking": "splitting", "embedding": "embedding", "storing": "storing",
    ]

    /// What there is to show below the pipelines, the most important first; none is empty.
    var sections: [StatusSection] {
        [self.heldSection, self.failedSection, self.activeSection, self.completedSection].filter { !$0.rows.isEmpty }
    }

    /// How a pipeline is named beside a file; not at all where there is only one.
    private func tag(_ pipeline: PipelineFacts) -> String {
        self.report.pipelines.count > 1 ? "\(pipeline.id): " : ""
    }

    private var heldSection: StatusSection {
        let rows = self.report.held.flatMap { held -> [TerminalLine] in
            let command = { (verb: String) in
                "corpusd deletions \(verb) --pipeline \(held.pipeline)" + (self.option.isEmpty ? "" : " \(self.option)")
            }
            let named = held.paths.prefix(3)
            let names = named.joined(separator: ", ") + (held.count > named.count ? ", …" : "")
            let count = PlainWords.counted(held.count, "file")
            return [
                TerminalLine(("  ⚠ \(held.pipeline): \(count) went at once", .yellow), ("  \(names)", .grey)),
                TerminalLine(("    remove  ", .grey), (command("confirm"), .plain)),
                TerminalLine(("    keep    ", .grey), (command("discard"), .plain)),
            ]
        }
        return StatusSection("Held deletions", note: "searchable until someone decides", rows: rows, least: 3)
    }

    private var failedSection: StatusSection {
        let failed = self.report.pipelines.flatMap { pipeline in pipeline.failed.map { (pipeline, $0) } }
            .sorted { ($0.1.at ?? .distantPast) > ($1.1.at ?? .distantPast) }
        let rows = failed.map { pipeline, file in
            TerminalLine(
                ("  ✗ ", .yellow), (self.tag(pipeline) + file.name, .plain), ("  \(file.message)", .yellow),
                right: file.plan(now: self.now))
        }
        let retrying = self.report.pipelines.reduce(0) { $0 + $1.retryingFiles }
        let total = self.report.pipelines.reduce(0) { $0 + $1.failedFiles } + retrying
        var note = PlainWords.counted(max(total, rows.count), "file")
        if retrying > 0 { note += ", \(PlainWords.number(retrying)) tried again" }
        return StatusSection("Failed", note: note, rows: rows, total: total)
    }

    private var activeSection: StatusSection {
        let rows = self.report.pipelines.flatMap { pipeline in
            pipeline.active.map { self.row($0, of: pipeline) }
        }
        return StatusSection("In progress", note: PlainWords.counted(rows.count, "file"), rows: rows)
    }

    private func row(_ file: PipelineFacts.Active, of pipeline: PipelineFacts) -> TerminalLine {
        let eighths = Int((file.progress * Double(Self.barWidth * 8)).rounded(.down))
        var done = String(repeating: "█", count: eighths / 8)
        if eighths % 8 > 0 { done.append(Self.eighths[eighths % 8 - 1]) }
        let percent = "\(Int(file.progress * 100))%"
        let stage = Self.stages[file.stage] ?? file.stage
        let facts = [
            file.size.map { PlainWords.bytes($0) },
            file.startedAt.map { PlainWords.span(self.now.timeIntervalSince($0)) },
        ]
        return TerminalLine(
            ("  ", .plain), (done, .blue), (String(repeating: "░", count: Self.barWidth - done.count), .grey),
            (Self.padded(percent, before: 5), .plain), ("  \(Self.padded(stage, after: 15))  ", .grey),
            (self.tag(pipeline) + file.name, .plain), right: facts.compactMap(\.self).joined(separator: " · "))
    }

    private var completedSection: StatusSection {
        let completed = self.report.pipelines.flatMap { pipeline in pipeline.completed.map { (pipeline, $0) } }
            .sorted { ($0.1.at ?? .distantPast) > ($1.1.at ?? .distantPast) }
        let rows = completed.prefix(10).map { pipeline, file in
            TerminalLine(
                ("  ✓ ", .green), (self.tag(pipeline) + file.name, .plain), ("  \(file.text)", .grey),
                right: file.at.map { PlainWords.ago($0, now: self.now) } ?? "")
        }
        return StatusSection("Completed", rows: Array(rows))
    }

    private static func padded(_ text: String, before width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func padded(_ text: String, after width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
