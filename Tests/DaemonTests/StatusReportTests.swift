import Daemon
import SocketIO
import Testing

@Suite("The status in a terminal")
struct StatusReportTests {
    private static func answer(status: String = "online", name: String = "manuals", files: Int = 12) -> JSONValue {
        let pipeline: JSONValue = [
            "pipeline_id": .string(name), "status": .string(status), "watch_location": "/srv/manuals",
            "problem": status == "error" ? "cannot watch '/srv/manuals': no such directory" : .null,
            "total_files": .int(files), "total_chunks": 340, "files_queued": 2, "failed_files": 12,
            "retrying_files": 3,
            "seconds_until_next_check": .double(41.2), "is_checking": false,
            "history": [
                "completed": .array(Array(repeating: .int(0), count: 59) + [.int(9)]),
                "failed": .array(Array(repeating: .int(0), count: 60)),
            ],
            "files_processing": [["name": "book.pdf", "processing_stage": "embedding", "progress": .double(0.5)]],
            "files_failed": [["name": "bad\u{1B}[2J.pdf", "error": ["message": "it is damaged"]]],
        ]
        return ["pipelines": [pipeline]]
    }

    @Test func saysWhatThePageSays() {
        let text = StatusReport(Self.answer()).text(width: 80, isColoured: false)
        #expect(text.contains("● manuals  online  /srv/manuals"))
        #expect(text.contains("12 files, 340 passages, 2 waiting, 12 failed, 3 tried again"))
        #expect(text.contains("█▕ 9 in the last hour  next check in 42 s"))
        #expect(text.contains("██████████░░░░░░░░░░  50%  embedding  book.pdf"))
        #expect(text.contains("✗ bad\u{FFFD}[2J.pdf: it is damaged"))
    }

    @Test(arguments: [(0, "0 files, "), (1, "1 file, "), (2, "2 files, ")])
    func countsAsPeopleDo(files: Int, words: String) {
        let text = StatusReport(Self.answer(files: files)).text(width: 80, isColoured: false)
        #expect(text.contains("  \(words)340 passages"))
    }

    @Test func coloursComeOnlyWhenAskedFor() {
        let report = StatusReport(Self.answer(status: "error"))
        #expect(report.text(width: 80, isColoured: false).contains("\u{1B}") == false)
        #expect(report.text(width: 80, isColoured: true).contains("\u{1B}[31mcannot watch") == true)
        #expect(report.isInTrouble == true)
    }

    @Test func onePipelineCanBeChosen() {
        #expect(StatusReport(Self.answer(), pipeline: "other").hasPipelines == false)
        #expect(StatusReport(Self.answer(), pipeline: "manuals").hasPipelines == true)
        #expect(StatusReport(["pipelines": "nonsense"]).hasPipelines == false)
    }
}
