import Daemon
import FoundationEssentials
import Ingest
import SocketIO
import Testing

@Suite("What clients have been told")
struct LiveStatusTests {
    private static let now = Date(timeIntervalSince1970: 1_000_000)
    private static let pipeline = Pipeline(
        id: PipelineID("docs"),
        type: .localFiles,
        checkInterval: .seconds(60),
        watchLocation: "/srv/docs"
    )
    private let live = LiveStatus(statuses: [PipelineStatus(pipeline: Self.pipeline, startedAt: Self.now)])

    /// The names of the events that `body` emits.
    private func events(_ body: (LiveStatus.Emit) -> Void) -> [String] {
        var names: [String] = []
        body { event, _ in names.append(event.name) }
        return names
    }

    private func apply(_ kind: IngestEvent.Kind) -> [String] {
        self.events { self.live.apply(IngestEvent(kind, in: Self.pipeline.id, at: Self.now), emit: $0) }
    }

    @Test func theFirstCheckBringsThePipelineOnline() {
        #expect(self.apply(.source(.checkStarted)) == ["pipeline:online"])
        #expect(self.apply(.source(.checkStarted)).isEmpty)
    }

    @Test func changesAreFlushedTogetherAndOnce() {
        _ = self.apply(.queueChanged(waiting: 1))
        _ = self.apply(.queueChanged(waiting: 2))
        #expect(self.events { self.live.flush(now: Self.now, emit: $0) } == ["status:update"])
        #expect(self.events { self.live.flush(now: Self.now, emit: $0) }.isEmpty)
    }

    @Test func theFirstUpdateHoldsOnlyWhatChangedSinceTheStart() {
        var changes: [JSONValue?] = []
        _ = self.apply(.queueChanged(waiting: 3))
        self.live.flush(now: Self.now) { event, _ in changes.append(event.payload["changes"]) }
        #expect(changes == [.object(["files_queued": .int(3)])])
    }

    @Test func clientsOfAnEarlierProcessAreToldEverything() throws {
        self.live.assumeNothingIsKnown()
        var updates: [WireEvent] = []
        self.live.flush(now: Self.now) { event, _ in updates.append(event) }
        let current = try #require(updates.first?.payload["current_status"]?.object)
        #expect(updates.first?.payload["changes"] == .object(Wire.lasting(current)))
        #expect(updates.count == 1)
        #expect(self.events { self.live.flush(now: Self.now, emit: $0) }.isEmpty)
    }

    @Test func aChangeThatWasTakenBackIsNotSent() {
        _ = self.apply(.queueChanged(waiting: 1))
        _ = self.events { self.live.flush(now: Self.now, emit: $0) }
        _ = self.apply(.queueChanged(waiting: 2))
        _ = self.apply(.queueChanged(waiting: 1))
        #expect(self.events { self.live.flush(now: Self.now, emit: $0) }.isEmpty)
    }

    @Test func aGreetingSeesEverythingThatWasEmittedBefore() {
        _ = self.apply(.queueChanged(waiting: 7))
        self.live.greet { statuses in
            #expect(statuses.map(\.queued) == [7])
        }
    }

    @Test func anEventOfAnotherPipelineIsIgnored() {
        let event = IngestEvent(.queueChanged(waiting: 1), in: PipelineID("other"), at: Self.now)
        #expect(self.events { self.live.apply(event, emit: $0) }.isEmpty)
        #expect(self.live.statuses.map(\.queued) == [0])
    }

    @Test func aResetIsFlushedWhole() {
        var status = PipelineStatus(pipeline: Self.pipeline, startedAt: Self.now)
        status.queued = 9
        self.live.reset(to: [status])
        #expect(self.live.statuses == [status])
        #expect(self.events { self.live.flush(now: Self.now, emit: $0) } == ["status:update"])
    }
}
