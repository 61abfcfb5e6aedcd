package import FoundationEssentials

/// The page for people in a terminal: one picture of all that the daemon says, no larger than the terminal.
package struct StatusPicture: Sendable {
    /// Blank lines around the header and the sections.
    private static let gap = 1

    let report: StatusReport
    let connection: StatusVerdict.Connection
    /// Where the daemon listens: `http://127.0.0.1:8003`.
    let address: String
    /// What commands that are proposed need besides: `--config FILE`, or nothing.
    let option: String
    let now: Date

    /// - Parameters:
    ///   - report: What the daemon said last.
    ///   - address: Where it listens.
    ///   - option: What commands that are proposed need besides: `--config FILE`, or nothing.
    ///   - now: The present.
    package init(_ report: StatusReport, address: String, option: String = "", now: Date) {
        self.init(report, .live, address: address, option: option, now: now)
    }

    /// As the other, of a daemon that may have stopped answering.
    package init(
        _ report: StatusReport,
        _ connection: StatusVerdict.Connection,
        address: String,
        option: String = "",
        now: Date
    ) {
        self.report = report
        self.connection = connection
        self.address = TerminalText.name(address)
        self.option = TerminalText.name(option)
        self.now = now
    }

    /// The picture, line by line.
    ///
    /// - Parameters:
    ///   - width: Columns that there are.
    ///   - height: Lines that there are; nil for as many as it takes.
    ///   - isColoured: Whether colours may be used.
    /// - Returns: No more than `height` lines, none wider than `width`, without their ends.
    package func lines(width: Int, height: Int? = nil, isColoured: Bool) -> [String] {
        self.lines(width: width, height: height ?? .max).map { $0.rendered(width: width, isColoured: isColoured) }
    }

    /// Gives each part the lines that it needs, then those it would like, the most important first.
    func lines(width: Int, height: Int) -> [TerminalLine] {
        let header = self.header
        let sections = self.sections
        let least = sections.reduce(0) { $0 + Self.gap + 1 + $1.least }
        var left = height - header.count - Self.gap
        let pipelines = self.pipelines(width: width, height: left - least)
        left -= pipelines.count
        var parts: [[TerminalLine]] = []
        for (section, rows) in zip(sections, Self.shares(of: left, among: sections)) where rows > 0 {
            parts.append(section.lines(height: rows))
        }
        let lines = ([header, pipelines] + parts).joined(separator: [.empty])
        return Array(lines.prefix(max(0, height)))
    }

    /// How many rows each section gets: what it needs as long as there is room, then one more in turn.
    private static func shares(of height: Int, among sections: [StatusSection]) -> [Int] {
        var shares = sections.map { _ in 0 }
        var left = height
        for index in sections.indices where left >= Self.gap + 2 {
            shares[index] = min(sections[index].least, left - Self.gap - 1)
            left -= Self.gap + 1 + shares[index]
        }
        var isGiving = true
        while isGiving {
            isGiving = false
            for index in sections.indices where left > 0 && shares[index] > 0 {
                guard shares[index] < sections[index].wantedHeight else { continue }
                shares[index] += 1
                left -= 1
                isGiving = true
            }
        }
        return shares
    }

    private var header: [TerminalLine] {
        let (sign, style): (String, TerminalLine.Style) =
            switch self.connection {
            case .lost: ("○ reconnecting", .red)
            case .live: self.report.isStopping ? ("○ stopping", .grey) : ("● live", .green)
            }
        let started = self.report.pipelines.compactMap(\.startedAt).min()
        let up = started.map { "up \(PlainWords.span(self.now.timeIntervalSince($0)))" } ?? ""
        let verdict = StatusVerdict(self.report, self.connection, now: self.now)
        return [
            TerminalLine(("corpusd  ", .bold), (sign, style), ("  \(self.address)", .grey), right: up),
            TerminalLine((verdict.headline, verdict.style), ("  \(verdict.detail)", .plain)),
        ]
    }
}
