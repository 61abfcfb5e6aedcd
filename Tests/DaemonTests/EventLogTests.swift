import Daemon
import FoundationEssentials
import Ingest
import SocketIO
import Testing

@Suite("The recent event log")
struct EventLogTests {
    private static let start = Date(timeIntervalSince1970: 1_000_000)
    private let log = EventLog(startedAt: Self.start)

    private func append(_ count: Int, in pipeline: String = "docs", _ kind: WireEvent.Kind = .fileCompleted) {
        let pipeline = Pipeline(
            id: PipelineID(pipeline), type: .localFiles, checkInterval: .seconds(60), watchLocation: "/srv"
        )
        for index in 0..<count { self.log.append(WireEvent(kind, ["index": .int(index)]), of: pipeline) }
    }

    private func page(after cursor: String? = nil, limit: Int = 10) -> EventLog.Page? {
        self.log.page(after: cursor, limit: limit) { _ in true }
    }

    @Test func withoutACursorTheNewestCome() {
        self.append(20)
        #expect(self.page(limit: 3)?.entries.map(\.number) == [18, 19, 20])
    }

    @Test func aCursorLeadsThroughTheLogWithoutGaps() throws {
        let first = try #require(self.page())
        self.append(5)
        let second = try #require(self.page(after: first.next, limit: 3))
        #expect(second.entries.map(\.number) == [1, 2, 3])
        let third = try #require(self.page(after: second.next, limit: 3))
        #expect(third.entries.map(\.number) == [4, 5])
        #expect(third.isIncomplete == false)
        #expect(self.page(after: third.next)?.entries.isEmpty == true)
    }

    @Test func whatIsGoneIsSaid() throws {
        self.append(1)
        let cursor = try #require(self.page()?.next)
        self.append(EventLog.capacity + 5)
        let page = try #require(self.page(after: cursor))
        #expect(page.isIncomplete == true)
        #expect(page.entries.first?.number == 7)
    }

    @Test func aCursorOfAnEarlierProcessGivesAllThereIs() throws {
        let earlier = EventLog(startedAt: Self.start.addingTimeInterval(-60))
        let cursor = try #require(earlier.page(after: nil, limit: 1) { _ in true }?.next)
        self.append(2)
        let page = try #require(self.page(after: cursor))
        #expect(page.entries.map(\.number) == [1, 2])
        #expect(page.isIncomplete == true)
    }

    @Test(arguments: ["", "x", "1-", "-1", "a-b", "a-1-2"])
    func nonsenseIsNoCursor(_ cursor: String) {
        #expect(self.page(after: cursor) == nil)
    }

    @Test func progressAndUpdatesAreNotKept() {
        self.append(3, .fileProgress)
        self.append(3, .statusUpdate)
        self.append(1, .fileFailed)
        #expect(self.page()?.entries.map(\.event.kind) == [.fileFailed])
    }

    @Test func onlyWhatIsWantedComes() {
        self.append(2, in: "docs")
        self.append(1, in: "notes")
        let page = self.log.page(after: nil, limit: 10) { $0.pipeline == PipelineID("notes") }
        #expect(page?.entries.count == 1)
    }
}
