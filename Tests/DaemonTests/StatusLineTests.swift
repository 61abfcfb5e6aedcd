import Daemon
import Foundation
import Ingest
import Testing

@Suite("The status line")
struct StatusLineTests {
    private static func status(
        _ id: String, queued: Int = 0, inWork: Int = 0, documents: Int = 0, state: PipelineState = .online
    ) -> PipelineStatus {
        let pipeline = Pipeline(
            id: PipelineID(id), type: .localFiles, checkInterval: .seconds(60), watchLocation: "/srv")
        var status = PipelineStatus(pipeline: pipeline, startedAt: Date(timeIntervalSince1970: 0))
        status.queued = queued
        status.state = state
        status.stored = StoreTotals(documents: documents, chunks: 0, revision: 1)
        status.processing = (0..<inWork).map { number in
            let document = SourceDocument(
                id: DocumentID(pipeline: PipelineID(id), file: "\(number)"), name: "n", path: "n", url: "file:///n",
                size: 1, fingerprint: "")
            return ActiveDocument(
                document: document, mediaType: nil, startedAt: status.startedAt, estimatedDuration: nil)
        }
        return status
    }

    @Test func saysWhatIsWatchedQueuedAndInWork() {
        let statuses = [Self.status("a", queued: 13, inWork: 1), Self.status("b", queued: 1, inWork: 1)]
        #expect(StatusLine.watching(statuses) == "watching 2 pipelines, 14 files queued, 2 in work")
    }

    @Test func saysWhatIsSearchableWhenThereIsNothingToDo() {
        #expect(StatusLine.watching([Self.status("a", documents: 1)]) == "watching 1 pipeline, 1 document searchable")
    }

    @Test func namesWhatIsInTrouble() {
        let statuses = [Self.status("a", queued: 1), Self.status("b", state: .error), Self.status("c", state: .error)]
        #expect(StatusLine.watching(statuses) == "watching 3 pipelines, in trouble: b c, 1 file queued")
    }

    @Test func saysWhatTheStopWaitsFor() {
        #expect(StatusLine.stopping([Self.status("a", queued: 5)]) == "stopping")
        #expect(StatusLine.stopping([Self.status("a", inWork: 1)]) == "stopping, finishing 1 file in work")
    }
}
