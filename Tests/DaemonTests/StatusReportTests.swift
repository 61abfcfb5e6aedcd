import Daemon
import SocketIO
import Testing

@Suite("The status as plain lines")
struct StatusReportTests {
    @Test func saysWhatThePageSays() {
        let answer = StatusAnswers.all(StatusAnswers.pipeline())
        let text = StatusReport(answer, deletions: StatusAnswers.held(30)).plainText(now: StatusAnswers.now)
        #expect(
            text == """
                manuals: online, local folder /srv/manuals
                  1204 files, 34000 passages, 14 waiting, 12 failed, 3 tried again
                  12 files in the last hour, 9.0 a minute now; done in about 1 min; next check in 0:42
                  in progress: book.pdf: embedding, 53%
                  failed: bad\u{FFFD}[2J\u{FFFD}.pdf: it is damaged (extraction, attempt 2, next try in 0:30)
                  held: 30 files went at once; 'corpusd deletions list' names them
                  completed: note.txt: 12 passages, all reused, 2.4 s
                """)
    }

    @Test(arguments: [(0, "0 files, "), (1, "1 file, "), (2, "2 files, ")])
    func countsAsPeopleDo(files: Int, words: String) {
        let answer = StatusAnswers.all(StatusAnswers.pipeline("manuals", ["total_files": .int(files)]))
        #expect(StatusReport(answer).plainText(now: StatusAnswers.now).contains("  \(words)34000 passages"))
    }

    @Test func saysWhatIsInTheWay() {
        let problem: JSONValue = "cannot watch '/srv/manuals': no such directory"
        let answer = StatusAnswers.all(StatusAnswers.pipeline("manuals", ["status": "error", "problem": problem]))
        let report = StatusReport(answer)
        #expect(report.isInTrouble == true)
        #expect(report.plainText(now: StatusAnswers.now).contains("\n  problem: cannot watch '/srv/manuals': no such"))
    }

    @Test func onePipelineCanBeChosen() {
        let answer = StatusAnswers.all(StatusAnswers.pipeline())
        #expect(StatusReport(answer, pipeline: "other").hasPipelines == false)
        #expect(StatusReport(answer, pipeline: "manuals").hasPipelines == true)
        #expect(StatusReport(["pipelines": "nonsense"]).hasPipelines == false)
    }

    @Test func nonsenseIsShownAndDoesNoHarm() {
        let huge: JSONValue = .array(Array(repeating: .int(.max), count: 60))
        let changes: [String: JSONValue] = [
            "history": ["completed": huge, "failed": huge], "files_queued": .int(.min),
        ]
        let answer = StatusAnswers.all(
            [:], StatusAnswers.pipeline("a", changes),
            ["files_processing": [7], "files_failed": [nil], "files_completed": "x", "next_check_time": "never"])
        let report = StatusReport(answer, deletions: ["pipelines": [nil]])
        #expect(report.plainText(now: StatusAnswers.now).contains("?: ?, local folder ?"))
        #expect(!StatusPicture(report, address: "", now: StatusAnswers.now).lines(width: 80, isColoured: true).isEmpty)
    }
}

@Suite("What has changed between two looks")
struct StatusChangesTests {
    private func lines(_ before: JSONValue, _ after: JSONValue, held: JSONValue? = nil) -> [String] {
        StatusChanges(
            from: StatusReport(StatusAnswers.all(before)),
            to: StatusReport(StatusAnswers.all(after), deletions: held), now: StatusAnswers.now
        ).lines
    }

    @Test func nothingIsSaidWhereNothingHasHappened() {
        let changes: [String: JSONValue] = ["next_check_time": StatusAnswers.time(9), "files_processing": []]
        let later = StatusAnswers.pipeline("manuals", changes)
        #expect(self.lines(StatusAnswers.pipeline(), later) == [])
    }

    @Test func whatWasFinishedIsNamedOnce() {
        let before = StatusAnswers.quiet()
        let after = StatusAnswers.pipeline("manuals", ["files_queued": 0])
        #expect(
            self.lines(before, after) == [
                "manuals: completed: note.txt: 12 passages, all reused, 2.4 s",
                "manuals: failed: bad\u{FFFD}[2J\u{FFFD}.pdf: it is damaged (extraction, attempt 2, next try in 0:30)",
                "manuals: 1204 files, 34000 passages, 0 waiting, 12 failed, 3 tried again",
            ])
    }

    @Test func statesProblemsAndHeldDeletionsAreNews() {
        let problem: [String: JSONValue] = ["status": "error", "problem": "the folder is gone"]
        let after = StatusAnswers.quiet("manuals", problem)
        #expect(
            self.lines(StatusAnswers.quiet(), after, held: StatusAnswers.held(30)) == [
                "manuals: error: the folder is gone", "manuals: 30 deletions held; 'corpusd deletions' decides",
            ])
        #expect(self.lines(after, StatusAnswers.quiet()) == ["manuals: online"])
        let another = self.lines(StatusAnswers.quiet("a"), StatusAnswers.quiet("b"))
        #expect(another.first?.hasPrefix("b: online, 1204") == true)
    }
}
