import FoundationEssentials
import Ingest
package import SocketIO

/// The answer of `corpusd status`: the page for people in a terminal.
package struct StatusReport: Sendable {
    /// Letters of rising height, for the last hour.
    private static let bars = Array(" ▁▂▃▄▅▆▇█")
    private static let barWidth = 24

    private enum Colour: String {
        case red = "31"
        case green = "32"
        case yellow = "33"
        case blue = "34"
        case grey = "90"
        case bold = "1"
    }

    private let pipelines: [JSONValue]

    /// - Parameters:
    ///   - answer: That of `GET /api/pipelines`.
    ///   - pipeline: The only one to show; nil for all.
    package init(_ answer: JSONValue, pipeline: String? = nil) {
        self.pipelines = (answer["pipelines"]?.array ?? []).filter {
            pipeline == nil || $0["pipeline_id"]?.string == pipeline
        }
    }

    /// Whether there is anything to show.
    package var hasPipelines: Bool { !self.pipelines.isEmpty }

    /// Whether a place cannot be read.
    package var isInTrouble: Bool { self.pipelines.contains { $0["status"]?.string == "error" } }

    /// One line.
    package var json: String {
        String(decoding: JSONValue.object(["pipelines": .array(self.pipelines)]).encoded(), as: UTF8.self)
    }

    /// One block a pipeline.
    ///
    /// - Parameters:
    ///   - width: Columns of the terminal.
    ///   - isColoured: Whether colours may be used.
    /// - Returns: Lines, each with its end.
    package func text(width: Int, isColoured: Bool) -> String {
        let paint = { (text: String, colour: Colour) in
            isColoured ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
        }
        return self.pipelines.map { self.block($0, width: max(width, 40), paint) }.joined(separator: "\n")
    }

    private func block(_ pipeline: JSONValue, width: Int, _ paint: (String, Colour) -> String) -> String {
        let status = pipeline["status"]?.string ?? "?"
        let colour: Colour =
            switch status {
            case "online": .green
            case "error": .red
            case "initializing": .blue
            default: .grey
            }
        let name = Self.printable(pipeline["pipeline_id"]?.string)
        let place = Self.clip(Self.printable(pipeline["watch_location"]?.string), to: width - name.count - 14)
        var lines = ["\(paint("●", colour)) \(paint(name, .bold))  \(paint(status, colour))  \(paint(place, .grey))"]
        if let problem = pipeline["problem"]?.string { lines.append("  " + paint(Self.printable(problem), .red)) }
        lines.append("  \(Self.facts(pipeline))")
        lines.append("  \(Self.hour(pipeline))  \(paint(Self.moments(pipeline), .grey))")
        for file in pipeline["files_processing"]?.array ?? [] {
            lines.append("  " + Self.progress(of: file, width: width, paint: { paint($0, .blue) }))
        }
        for file in pipeline["files_failed"]?.array ?? [] {
            let message = Self.printable(file["error"]?["message"]?.string)
            let line = "✗ \(Self.printable(file["name"]?.string)): \(message)"
            lines.append("  " + paint(Self.clip(line, to: width - 2), .yellow))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func facts(_ pipeline: JSONValue) -> String {
        let count = { (key: String) in pipeline[key]?.int ?? 0 }
        return "\(count("total_files").counted("file")), \(count("total_chunks").counted("passage")), "
            + "\(count("files_queued")) waiting, \(count("failed_files")) failed, "
            + "\(count("retrying_files")) tried again"
    }

    /// The last hour as a line of bars, each for some minutes.
    private static func hour(_ pipeline: JSONValue) -> String {
        let minutes = (pipeline["history"]?["completed"]?.array ?? []).map { $0.int ?? 0 }
        guard !minutes.isEmpty else { return "" }
        let sums = (0..<self.barWidth).map { bar in
            let range = bar * minutes.count / self.barWidth..<(bar + 1) * minutes.count / self.barWidth
            return minutes[range].reduce(0, +)
        }
        let peak = max(sums.max() ?? 0, 1)
        let line = sums.map { sum in
            self.bars[sum == 0 ? 0 : max(1, sum * (self.bars.count - 1) / peak)]
        }
        return "▏\(String(line))▕ \(minutes.reduce(0, +)) in the last hour"
    }

    private static func moments(_ pipeline: JSONValue) -> String {
        if pipeline["is_checking"]?.bool == true { return "checking now" }
        guard let seconds = pipeline["seconds_until_next_check"]?.double else { return "" }
        return "next check in \(Int(seconds.rounded(.up))) s"
    }

    private static func progress(of file: JSONValue, width: Int, paint: (String) -> String) -> String {
        let share = min(max(file["progress"]?.double ?? 0, 0), 1)
        let done = Int((share * 20).rounded(.down))
        let bar = paint(String(repeating: "█", count: done)) + String(repeating: "░", count: 20 - done)
        let percent = String(Int(share * 100))
        let stage = self.printable(file["processing_stage"]?.string)
        let name = self.clip(self.printable(file["name"]?.string), to: width - 44)
        let pad = String(repeating: " ", count: 3 - min(3, percent.count))
        return "\(bar) \(pad)\(percent)%  \(stage)  \(name)"
    }

    private static func clip(_ text: String, to width: Int) -> String {
        text.count <= max(width, 8) ? text : text.prefix(max(width, 8) - 1) + "…"
    }

    /// What the daemon names, of which nothing may upset the lines.
    private static func printable(_ text: String?) -> String {
        TerminalText.printable(text ?? "", replacing: [.control, .format])
    }
}
