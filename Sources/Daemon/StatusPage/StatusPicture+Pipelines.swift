extension StatusPicture {
    /// How much is said of each pipeline.
    private enum Detail: CaseIterable {
        /// State, problem, figures, and the last hour.
        case full
        /// State, problem, and figures.
        case figures
        /// State, and problem if there is one.
        case line
    }

    /// Letters of rising height, for the last hour.
    private static let bars = Array(" ▁▂▃▄▅▆▇█")

    /// All pipelines, in as much detail as there is room for; those in trouble first where there is not room for all.
    ///
    /// - Parameters:
    ///   - width: Columns that there are.
    ///   - height: Lines that there are; at least one is used.
    /// - Returns: At most `height` lines.
    func pipelines(width: Int, height: Int) -> [TerminalLine] {
        for detail in Detail.allCases {
            let blocks = self.report.pipelines.map { self.block($0, detail, width: width) }
            let lines = blocks.flatMap(\.self)
            if lines.count <= height { return lines }
        }
        let all = self.report.pipelines
        let sorted = all.filter { Self.isTroubled($0) } + all.filter { !Self.isTroubled($0) }
        let room = max(1, height)
        guard sorted.count > room else { return sorted.map { self.head($0, withProblem: true) } }
        let rest = "… and \(PlainWords.counted(sorted.count - room + 1, "more pipeline"))"
        return sorted.prefix(room - 1).map { self.head($0, withProblem: true) } + [TerminalLine((rest, .grey))]
    }

    private static func isTroubled(_ pipeline: PipelineFacts) -> Bool {
        pipeline.state == "error" || pipeline.problem != nil
    }

    private func block(_ pipeline: PipelineFacts, _ detail: Detail, width: Int) -> [TerminalLine] {
        var lines = [self.head(pipeline)]
        if let problem = self.problem(of: pipeline) {
            lines.append(TerminalLine(("  ⚠ \(problem)", pipeline.state == "error" ? .red : .yellow)))
        }
        if detail != .line { lines.append(self.figures(of: pipeline)) }
        if detail == .full { lines.append(Self.hour(of: pipeline, width: width)) }
        return lines
    }

    private func head(_ pipeline: PipelineFacts, withProblem: Bool = false) -> TerminalLine {
        let style: TerminalLine.Style =
            switch pipeline.state {
            case "online": .green
            case "error": .red
            case "initializing": .blue
            default: .grey
            }
        let next = pipeline.state == "offline" ? nil : pipeline.nextCheckText(now: self.now)
        var line = TerminalLine(("● ", style), (pipeline.id, .bold), ("  \(pipeline.state)", style), right: next ?? "")
        if withProblem, let problem = self.problem(of: pipeline) {
            line.append("  \(problem)", style)
        } else {
            line.append("  \(pipeline.type)  \(pipeline.place)", .grey)
        }
        return line
    }

    /// What hinders it; what it says of held deletions stands in a section of its own.
    private func problem(of pipeline: PipelineFacts) -> String? {
        guard let problem = pipeline.problem else { return nil }
        guard self.report.held.contains(where: { $0.pipeline == pipeline.id }) else { return problem }
        let rest = problem.split(separator: "; ").filter { !$0.contains("'corpusd deletions list'") }
        return rest.isEmpty ? nil : rest.joined(separator: "; ")
    }

    private func figures(of pipeline: PipelineFacts) -> TerminalLine {
        var line = TerminalLine(("  ", .plain))
        let add = { (figure: String, noun: String, style: TerminalLine.Style, line: inout TerminalLine) in
            line.append(figure, style)
            line.append(" \(noun)   ", .grey)
        }
        add(PlainWords.number(pipeline.files), pipeline.files == 1 ? "file" : "files", .bold, &line)
        add(PlainWords.number(pipeline.chunks), pipeline.chunks == 1 ? "passage" : "passages", .bold, &line)
        add(PlainWords.number(pipeline.waiting), "waiting", pipeline.waiting > 0 ? .blue : .bold, &line)
        add(PlainWords.rounded(pipeline.rate), "files/min", .bold, &line)
        if let left = pipeline.secondsLeft { line.append("done in about \(PlainWords.span(left))   ", .blue) }
        if pipeline.failedFiles > 0 { add(PlainWords.number(pipeline.failedFiles), "failed", .yellow, &line) }
        if pipeline.retryingFiles > 0 { add(PlainWords.number(pipeline.retryingFiles), "tried again", .yellow, &line) }
        return line
    }

    /// The last hour as a line of bars.
    private static func hour(of pipeline: PipelineFacts, width: Int) -> TerminalLine {
        let minutes = pipeline.minutes
        let count = min(minutes.count, max(10, width - 50))
        guard count > 0 else { return .empty }
        let sums = (0..<count).map { bar in
            minutes[bar * minutes.count / count..<(bar + 1) * minutes.count / count].reduce(0, +)
        }
        let peak = max(sums.max() ?? 0, 1)
        let bars = sums.map { $0 == 0 ? Self.bars[0] : Self.bars[max(1, $0 * (Self.bars.count - 1) / peak)] }
        let failed = pipeline.failedMinutes.reduce(0, +)
        var line = TerminalLine(("  ▏", .grey), (String(bars), .cyan), ("▕ ", .grey))
        line.append("\(PlainWords.number(minutes.reduce(0, +))) in the last hour", .grey)
        if failed > 0 { line.append(", \(PlainWords.number(failed)) failed", .yellow) }
        return line
    }
}
