import Daemon
import FoundationEssentials
import Ingest
import SocketIO
import Testing

@Suite("The wire contract")
struct WireTests {
    private static let now = Date(timeIntervalSince1970: 1_795_370_414.42)
    private static let pipeline = Pipeline(
        id: PipelineID("docs"),
        type: .localFiles,
        checkInterval: .seconds(60),
        watchLocation: "/srv/docs"
    )
    private static let document = SourceDocument(
        id: DocumentID(pipeline: PipelineID("docs"), file: "id1"),
        name: "a.txt",
        path: "b/a.txt",
        url: "file:///srv/docs/b/a.txt",
        size: 7,
        fingerprint: "f"
    )

    private func wire(
        _ kind: IngestEvent.Kind,
        before: PipelineState = .online,
        state: PipelineState = .online
    ) -> String? {
        var status = PipelineStatus(pipeline: Self.pipeline, startedAt: Self.now)
        status.state = state
        let event = IngestEvent(kind, in: Self.pipeline.id, at: Self.now)
        guard let event = Wire.event(event, before: before, after: status) else { return nil }
        let body = event.payload.sorted { $0.key < $1.key }.map { key, value in
            "\(key)=\(Self.sorted(value))"
        }
        return "\(event.name) \(body.joined(separator: " "))"
    }

    /// JSON with the keys in order, so that it can be compared as text.
    private static func sorted(_ value: JSONValue) -> String {
        guard let object = value.object else { return String(decoding: value.encoded(), as: UTF8.self) }
        return "{"
            + object.sorted { $0.key < $1.key }.map { "\($0.key):\(Self.sorted($0.value))" }.joined(separator: ",")
            + "}"
    }

    private static let common =
        #"pipeline_id="docs" pipeline_type="local_files""#
    private static let time = #""2026-11-22T18:00:14.420Z""#

    /// A time is the same before a restart, and after it when the store has kept its milliseconds.
    @Test(arguments: [
        (1_795_370_414.467, "2026-11-22T18:00:14.467Z"), (1_795_370_414.466_9, "2026-11-22T18:00:14.467Z"),
        (1_795_370_414.999_6, "2026-11-22T18:00:15.000Z"), (1_795_370_414, "2026-11-22T18:00:14.000Z"),
    ])
    func timesAreRoundedToTheMillisecond(seconds: Double, expected: String) {
        #expect(Wire.time(Date(timeIntervalSince1970: seconds)) == .string(expected))
    }

    @Test func processing() {
        var active = ActiveDocument(
            document: Self.document,
            mediaType: "text/plain",
            startedAt: Self.now,
            estimatedDuration: nil
        )
        active.estimatedDuration = 1.23456
        #expect(
            self.wire(.documentStarted(active))
                == "file:processing estimated_duration=1.235 "
                + #"file={id:"id1",mime_type:"text/plain",name:"a.txt",path:"b/a.txt",size:7,started_at:"#
                + "\(Self.time)} \(Self.common) processing_stage=\"extraction\" timestamp=\(Self.time)"
        )
    }

    @Test func whatIsNotKnownIsNullAndNotAbsent() throws {
        let active = ActiveDocument(
            document: Self.document, mediaType: nil, startedAt: Self.now, estimatedDuration: nil)
        let line = try #require(self.wire(.documentStarted(active)))
        #expect(line.contains("estimated_duration=null"))
        #expect(line.contains("mime_type:null"))
    }

    @Test func progress() {
        let kind = IngestEvent.Kind.documentProgressed(
            Self.document.id,
            name: "a.txt",
            stage: .embedding,
            progress: 1.0 / 3
        )
        #expect(
            self.wire(kind)
                == #"file:progress file={id:"id1",name:"a.txt"} \#(Self.common) processing_stage="embedding" "#
                + "progress=0.333 timestamp=\(Self.time)"
        )
    }

    @Test func failed() {
        let failed = FailedDocument(
            document: Self.document,
            failedAt: Self.now,
            failure: DocumentFailure(type: "Damaged", message: "m", stage: .extraction, isRetryable: false),
            attempt: 2,
            nextAttemptAt: nil
        )
        #expect(
            self.wire(.documentFailed(failed, stored: nil))
                == #"file:failed error={attempt:2,message:"m",next_attempt_at:null,retryable:false,"#
                + #"stage:"extraction",type:"Damaged"} file={failed_at:\#(Self.time),id:"id1",name:"a.txt"} "#
                + "\(Self.common) success=false timestamp=\(Self.time)"
        )
    }

    @Test func removed() {
        let kind = IngestEvent.Kind.documentRemoved(
            Self.document.id,
            name: "a.txt",
            chunks: 3,
            stored: StoreTotals(documents: 0, chunks: 0, revision: 1)
        )
        #expect(
            self.wire(kind)
                == #"file:removed chunks_removed=3 file={id:"id1",name:"a.txt",removed_at:\#(Self.time)} "#
                + "\(Self.common) timestamp=\(Self.time)"
        )
    }

    @Test func comingOnlineIsToldOnceAndAgainAfterAnError() {
        #expect(self.wire(.source(.checkStarted), before: .initializing)?.hasPrefix("pipeline:online") == true)
        #expect(self.wire(.source(.checkStarted), before: .online) == nil)
        #expect(self.wire(.source(.checkFinished(nextCheckAt: Self.now)), before: .error) != nil)
        let gone = SourceEvent.unavailable(message: "gone", nextCheckAt: nil)
        #expect(self.wire(.source(gone), before: .online, state: .error) == nil)
    }

    @Test(arguments: [
        (IngestEvent.StopReason.normalShutdown, "normal_shutdown"), (.error, "error"), (.timeout, "timeout"),
    ])
    func goingOfflineNamesItsReason(reason: IngestEvent.StopReason, text: String) {
        #expect(
            self.wire(.pipelineStopped(reason), state: .offline)
                == "pipeline:offline \(Self.common) reason=\"\(text)\" shutdown_at=\(Self.time) "
                + "status=\"offline\" timestamp=\(Self.time)"
        )
    }

    @Test func whatNeedsNoWorkIsNotMentioned() {
        #expect(self.wire(.documentSkipped(Self.document.id, stored: nil)) == nil)
        #expect(self.wire(.queueChanged(waiting: 3)) == nil)
    }

    @Test func aStatusHasEveryFieldOfTheContract() {
        let status = Wire.status(PipelineStatus(pipeline: Self.pipeline, startedAt: Self.now), now: Self.now)
        #expect(
            status.keys.sorted() == [
                "check_interval", "failed_files", "files_completed", "files_failed", "files_processing", "files_queued",
                "is_checking", "last_activity", "last_check_time", "next_check_time", "pipeline_id", "pipeline_type",
                "problem", "retrying_files", "seconds_until_next_check", "started_at", "status", "timestamp",
                "total_chunks", "total_failed", "total_files", "total_processed", "total_removed", "total_skipped",
                "watch_location", "websocket_enabled", "websocket_path",
            ]
        )
        #expect(status["check_interval"] == .double(60))
        #expect(status["last_activity"] == .null)
    }

    @Test func anUpdateHoldsOnlyWhatChanged() throws {
        var status = PipelineStatus(pipeline: Self.pipeline, startedAt: Self.now)
        let before = Wire.lasting(Wire.status(status, now: Self.now))
        status.queued = 4
        let later = Self.now.addingTimeInterval(5)
        let current = Wire.status(status, now: later)
        let update = try #require(Wire.update(of: Self.pipeline, from: before, to: current, now: later))

        #expect(update.payload["changes"] == .object(["files_queued": .int(4)]))
        #expect(update.payload["current_status"] == .object(current))
        #expect(Wire.update(of: Self.pipeline, from: Wire.lasting(current), to: current, now: later) == nil)
    }
}
