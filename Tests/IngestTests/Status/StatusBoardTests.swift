import FoundationEssentials
import Ingest
import Testing

@Suite("The status board")
struct StatusBoardTests {
    private let start = Date(timeIntervalSince1970: 1_000_000)

    private func queued(_ count: Int) -> IngestEvent {
        IngestEvent(.queueChanged(waiting: count), in: .test, at: self.start)
    }

    @Test func aReaderGetsASnapshotAndThenEveryLaterEventInOrder() async {
        let board = StatusBoard(pipelines: [.test], startedAt: self.start)
        await board.record(self.queued(1))
        let updates = await board.updates()
        await board.record(self.queued(2))
        await board.record(self.queued(3))
        await board.close()

        var seen: [StatusBoard.Update] = []
        for await update in updates { seen.append(update) }
        var expected = PipelineStatus(pipeline: .test, startedAt: self.start)
        expected.queued = 1
        #expect(seen == [.snapshot([expected]), .event(self.queued(2)), .event(self.queued(3))])
    }

    @Test func aReaderThatFallsBehindIsEndedAndSkipsNothing() async {
        let board = StatusBoard(pipelines: [.test], startedAt: self.start)
        let updates = await board.updates()
        for number in 0..<(StatusBoard.backlog + 10) { await board.record(self.queued(number)) }

        var events: [IngestEvent] = []
        for await case .event(let event) in updates { events.append(event) }
        #expect(events == (0..<events.count).map(self.queued))
        #expect(events.count < StatusBoard.backlog + 10)
        #expect(await board.snapshot().map(\.queued) == [StatusBoard.backlog + 9])
    }

    @Test func anEventOfAnUnknownPipelineChangesNothing() async {
        let board = StatusBoard(pipelines: [.test], startedAt: self.start)
        await board.record(IngestEvent(.queueChanged(waiting: 5), in: PipelineID("other"), at: self.start))
        #expect(await board.snapshot().map(\.queued) == [0])
    }
}
