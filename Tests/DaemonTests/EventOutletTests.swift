import Daemon
import FoundationEssentials
import Ingest
import Logging
import SocketIO
import Synchronization
import Testing

@Suite("Sending events and counting them")
struct EventOutletTests {
    /// What was sent, and what was logged.
    private final class Record: Sendable {
        struct Sent: Equatable {
            var event: String
            var payload: EventPayload
            var namespace: String
            var rooms: [String]
        }

        let sent = Mutex<[Sent]>([])
        let lines = Mutex<[String]>([])
    }

    private static let pipeline = Pipeline(
        id: PipelineID("docs"), type: .localFiles, checkInterval: .seconds(60), watchLocation: "/srv/docs"
    )
    private let record = Record()
    private let tally = EventTally()

    private func outlet(byteLimit: Int) -> EventOutlet {
        let record = self.record
        var logger = Logger(label: "test") { _ in
            LineLogHandler(level: .debug) { line in record.lines.withLock { $0.append(line) } }
        }
        logger.logLevel = .debug
        return EventOutlet(
            tally: self.tally, log: EventLog(startedAt: Date(timeIntervalSince1970: 0)), byteLimit: byteLimit,
            logger: logger
        ) {
            event, payload, namespace, rooms in
            record.sent.withLock {
                $0.append(.init(event: event, payload: payload, namespace: namespace, rooms: rooms))
            }
        }
    }

    @Test func eventGoesToBothNamespacesOfItsPipeline() {
        let payload: [String: JSONValue] = ["status": .string("alive")]
        self.outlet(byteLimit: 100).emit(WireEvent(.heartbeat, payload), of: Self.pipeline)
        let sent = self.record.sent.withLock { $0 }
        #expect(sent.map(\.namespace) == ["/pipeline", "/local_files"])
        #expect(sent.allSatisfy { $0.event == "heartbeat" && $0.payload == EventPayload(.object(payload)) })
        #expect(sent.allSatisfy { $0.rooms == Rooms.hearing(Self.pipeline) })
        #expect(self.tally.counts.emitted == [.heartbeat: 1])
        #expect(self.tally.counts.failed.isEmpty)
    }

    @Test func eventThatIsTooLargeIsCountedByItsNameAndLoggedOnce() throws {
        let outlet = self.outlet(byteLimit: 20)
        let large: [String: JSONValue] = ["a": .string(String(repeating: "x", count: 13))]
        for _ in 0..<3 { outlet.emit(WireEvent(.statusUpdate, large), of: Self.pipeline) }
        outlet.emit(WireEvent(.fileProgress, large), of: Self.pipeline)
        #expect(self.record.sent.withLock { $0.isEmpty })
        #expect(self.tally.counts.failed == [.statusUpdate: 3, .fileProgress: 1])
        #expect(self.tally.counts.emitted.isEmpty)
        let lines = self.record.lines.withLock { $0 }
        #expect(lines.count == 2)
        #expect(try #require(lines.first).contains("event=status:update limit=20 pipeline=docs"))
        #expect(!lines.joined().contains("xxx"))
    }

    @Test func eventOfExactlyTheLimitIsSent() {
        let exact: [String: JSONValue] = ["a": .string(String(repeating: "x", count: 12))]
        self.outlet(byteLimit: 20).emit(WireEvent(.statusUpdate, exact), of: Self.pipeline)
        #expect(self.tally.counts.emitted == [.statusUpdate: 1])
    }
}
