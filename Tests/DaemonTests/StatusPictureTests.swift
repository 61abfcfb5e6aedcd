import Daemon
import FoundationEssentials
import SocketIO
import Testing

@Suite("The page for people in a terminal")
struct StatusPictureTests {
    private func lines(
        _ pipelines: JSONValue...,
        held: JSONValue? = nil,
        connection: StatusVerdict.Connection = .live,
        width: Int = 100,
        height: Int? = nil,
        isColoured: Bool = false
    ) -> [String] {
        let report = StatusReport(["pipelines": .array(pipelines)], deletions: held)
        return StatusPicture(
            report, connection, address: "http://127.0.0.1:8003", option: "--config a.yaml", now: StatusAnswers.now
        ).lines(width: width, height: height, isColoured: isColoured)
    }

    /// A line of 100 columns with something at its right margin.
    private static func spread(_ left: String, _ right: String) -> String {
        left + String(repeating: " ", count: 100 - left.count - right.count) + right
    }

    @Test func saysAllThatThePageSays() {
        #expect(
            self.lines(StatusAnswers.pipeline(), held: StatusAnswers.held(30)) == [
                Self.spread("corpusd  ● live  http://127.0.0.1:8003", "up 3 h 20 min"),
                "Your decision  30 files went at once and may be missed. Searchable until you decide.",
                "",
                Self.spread("● manuals  online  local folder  /srv/manuals", "next check in 0:42"),
                "  1,204 files   34,000 passages   14 waiting   9.0 files/min   "
                    + "done in about 1 min   12 failed   3 …",
                "  ▏" + String(repeating: " ", count: 49) + "█▕ 12 in the last hour, 2 failed",
                "",
                "Held deletions  searchable until someone decides",
                "  ⚠ manuals: 30 files went at once  tree/0.txt, tree/1.txt, tree/2.txt, …",
                "    remove  corpusd deletions confirm --pipeline manuals --config a.yaml",
                "    keep    corpusd deletions discard --pipeline manuals --config a.yaml",
                "",
                "Failed  15 files, 3 tried again",
                Self.spread(
                    "  ✗ bad\u{FFFD}[2J\u{FFFD}.pdf  it is damaged", "extraction, attempt 2, next try in 0:30"),
                "  … and 14 more",
                "",
                "In progress  1 file",
                Self.spread("  ████████▍░░░░░░░  53%  embedding        book.pdf", "4.2 MB · 12 s"),
                "",
                "Completed",
                Self.spread("  ✓ note.txt  12 passages, all reused, 2.4 s", "1 min ago"),
            ])
    }

    @Test(arguments: [(8, 3), (24, 80), (30, 20), (5, 120), (1, 1), (12, 61)], [1, 3, 40])
    func isNeverLargerThanTheTerminal(size: (height: Int, width: Int), pipelines: Int) {
        let names = ["a\u{301}bc", "日本語のファイル名", "👩‍👩‍👧 family", "bad\u{1B}[2J\u{9B}1m\u{202E}fdp.exe\n"]
        let problem = JSONValue.string(String(repeating: "gone ", count: 99))
        let all = (0..<pipelines).map { number in
            StatusAnswers.pipeline(
                "p\(number)\(names[number % 4])",
                [
                    "problem": number.isMultiple(of: 5) ? problem : .null,
                    "files_failed": .array(names.map(StatusAnswers.failure)),
                ])
        }
        let report = StatusReport(
            ["pipelines": .array(all)], deletions: StatusAnswers.held(30, of: "p0\(names[0])"))
        let picture = StatusPicture(report, address: "http://[::1]:8003", now: StatusAnswers.now)
        let lines = picture.lines(width: size.width, height: size.height, isColoured: false)
        #expect(lines.count <= size.height)
        #expect(lines.allSatisfy { TerminalText.width(of: $0) <= size.width })
        let bad = lines.joined().unicodeScalars.filter {
            [.control, .format, .lineSeparator].contains($0.properties.generalCategory)
        }
        #expect(bad.isEmpty)
    }

    @Test func whatMattersMostStaysInASmallWindow() {
        let quiet = (0..<30).map { StatusAnswers.quiet("quiet\($0)") }
        let troubled = StatusAnswers.quiet("troubled", ["status": "error", "problem": "the folder is gone"])
        let report = StatusReport(["pipelines": .array(quiet + [troubled])])
        let lines = StatusPicture(report, address: "a", now: StatusAnswers.now)
            .lines(width: 80, height: 10, isColoured: false)
        #expect(lines.count == 10)
        #expect(lines[1].hasPrefix("Not working  troubled: the folder is gone"))
        #expect(lines[3].hasPrefix("● troubled  error  the folder is gone"))
        #expect(lines[9] == "… and 25 more pipelines")
        let failed = Array(repeating: 0, count: 5).indices.map { StatusAnswers.failure("f\($0).txt") }
        let small = self.lines(StatusAnswers.pipeline("a", ["files_failed": .array(failed)]), height: 16)
        #expect(small.count == 16)
        #expect(small.contains("  … and 14 more"))
        #expect(small.contains("Completed"))
    }

    @Test func aDaemonThatIsGoneIsWaitedFor() {
        let since = StatusAnswers.now.addingTimeInterval(-12)
        let lines = self.lines(StatusAnswers.quiet(), connection: .lost(since: since, reason: "It does not run."))
        #expect(lines[0].hasPrefix("corpusd  ○ reconnecting"))
        #expect(lines[1] == "Reconnecting  No answer for 12 s; what stands below is from then. It does not run.")
        let stopping = self.lines(StatusAnswers.quiet("manuals", ["status": "offline"]))
        #expect(stopping[0].hasPrefix("corpusd  ○ stopping") && stopping[1].hasPrefix("Stopping  "))
    }

    @Test(arguments: [
        (["files_queued": 1] as [String: JSONValue], "Working  0 files in progress, 1 waiting, about 1 min left."),
        (["status": "paused"], "Paused  "),
        (["status": "initializing"], "Starting  "),
        (["problem": "too few watches"], "Warning  manuals: too few watches"),
        (["total_files": 0], "Ready  Copy files"),
        ([:], "Up to date  1,204 files, 34,000 passages searchable."),
    ])
    func theHeadlineSaysHowItGoes(changes: [String: JSONValue], headline: String) {
        #expect(self.lines(StatusAnswers.quiet("manuals", changes))[1].hasPrefix(headline))
    }

    @Test func coloursComeOnlyWhenAskedFor() {
        let broken = StatusAnswers.pipeline("manuals", ["status": "error", "problem": "no such directory"])
        #expect(!self.lines(broken).joined().contains("\u{1B}"))
        let problem = "\u{1B}[31m  ⚠ no such directory\u{1B}[0m"
        #expect(self.lines(broken, isColoured: true).contains { $0.contains(problem) })
    }
}
