import Daemon
import FoundationEssentials
import Ingest
import SocketIO
import Testing

@Suite("What clients may say")
struct ClientEventTests {
    private static let pipelines = [
        Pipeline(id: PipelineID("docs"), type: .localFiles, checkInterval: .seconds(60), watchLocation: "/srv/docs"),
        Pipeline(id: PipelineID("mail"), type: .localFiles, checkInterval: .seconds(60), watchLocation: "/srv/mail"),
    ]

    private func react(
        _ name: String, _ arguments: JSONValue..., isLimited: Bool = false
    ) -> ClientEvent.Reaction {
        ClientEvent.react(
            to: name,
            arguments,
            pipelines: Self.pipelines,
            isLimited: isLimited,
            now: Date(timeIntervalSince1970: 1_700_000_000.25)
        )
    }

    @Test func pingIsAnsweredWithMilliseconds() {
        #expect(self.react("ping", .null).answer == .int(1_700_000_000_250))
        #expect(self.react("ping").answer == .int(1_700_000_000_250))
    }

    @Test func subscribingJoinsARoomAndLeavesTheRest() {
        let reaction = self.react("subscribe", .object(["pipeline_id": .string("mail")]))
        #expect(reaction.join == ["pipeline:mail"])
        #expect(reaction.leave == [Rooms.everything])
        #expect(reaction.answer == .object(["ok": .bool(true), "rooms": .array([.string("pipeline:mail")])]))
    }

    @Test func subscribingToATypeJoinsItsRoom() {
        let reaction = self.react("subscribe", .object(["pipeline_type": .string("local_files")]))
        #expect(reaction.join == [Rooms.of(.localFiles)])
        #expect(reaction.answer["rooms"] == .array([.string("pipeline:local_files")]))
    }

    @Test func whoseTokenIsLimitedJoinsTheRoomsOfItsPipelinesInsteadOfATypes() {
        let type: JSONValue = .object(["pipeline_type": .string("local_files")])
        let joined = self.react("subscribe", type, isLimited: true)
        #expect(joined.join == ["pipeline:docs", "pipeline:mail"])
        #expect(joined.leave == Rooms.initial(Self.pipelines, isLimited: true))
        #expect(joined.answer["rooms"] == .array([.string("pipeline:docs"), .string("pipeline:mail")]))
        #expect(self.react("unsubscribe", type, isLimited: true).leave == joined.join)
    }

    @Test func subscribingNarrowsWhatALimitedTokenHears() {
        let reaction = self.react("subscribe", .object(["pipeline_id": .string("mail")]), isLimited: true)
        #expect(reaction.join == ["pipeline:mail"])
        #expect(Set(reaction.leave).isSuperset(of: Rooms.initial(Self.pipelines, isLimited: true)))
        #expect(Set(reaction.leave).isDisjoint(with: reaction.join))
    }

    /// The rooms of a client that was lost, whether its token is limited, to those of `pipelines` now, and the answer.
    static let returns: [(rooms: Set<String>, isLimited: Bool, covered: Range<Int>, mayReturn: Bool)] = [
        (["all"], false, 0..<2, true),
        (["pipeline:docs", "type:local_files"], false, 0..<2, true),
        (["all:docs"], false, 0..<2, false),
        (["all"], true, 0..<2, false),
        (["type:local_files"], true, 0..<2, false),
        (["all:docs", "all:mail"], true, 0..<2, true),
        (["all:docs", "all:mail"], true, 0..<1, false),
        (["all:docs"], true, 0..<2, false),
        (["pipeline:docs"], true, 0..<1, true),
        (["pipeline:mail"], true, 0..<1, false),
        ([], true, 0..<0, true),
    ]

    @Test(arguments: Self.returns)
    func whoComesBackWithAnotherTokenStartsAfresh(
        rooms: Set<String>, isLimited: Bool, covered: Range<Int>, mayReturn: Bool
    ) {
        let pipelines = Array(Self.pipelines[covered])
        #expect(Rooms.suit(rooms, pipelines: pipelines, isLimited: isLimited) == mayReturn)
    }

    @Test(arguments: PipelineType.allCases)
    func aPipelineThatIsCalledAsATypeSharesNoRoomWithIt(type: PipelineType) {
        let namesake = Pipeline(
            id: PipelineID(type.rawValue), type: type, checkInterval: .seconds(60), watchLocation: "/srv/x")
        let other = Pipeline(id: PipelineID("docs"), type: type, checkInterval: .seconds(60), watchLocation: "/srv/y")
        let limited = Rooms.initial([namesake], isLimited: true) + [Rooms.of(namesake.id)]
        #expect(Set(limited).isDisjoint(with: Rooms.hearing(other)))
        #expect(Set(limited).isSubset(of: Rooms.hearing(namesake)))
    }

    @Test func unsubscribingLeavesARoomAndBringsNothingBack() {
        let reaction = self.react("unsubscribe", .object(["pipeline_id": .string("mail")]))
        #expect(reaction.join.isEmpty)
        #expect(reaction.leave == ["pipeline:mail"])
        #expect(reaction.answer["ok"] == .bool(true))
    }

    /// An event, what it holds, and as what it is counted.
    static let useless: [(name: String, payload: JSONValue, counted: ClientEvent.Name, outcome: ClientEvent.Outcome)] =
        [
            ("subscribe", .object(["pipeline_id": .string("unknown")]), .subscribe, .refused),
            ("subscribe", .object(["pipeline_type": .string("google_drive")]), .subscribe, .refused),
            ("subscribe", .object(["pipeline_id": .int(1)]), .subscribe, .malformed),
            ("subscribe", .string("docs"), .subscribe, .malformed),
            ("subscribe", .null, .subscribe, .malformed),
            ("unsubscribe", .object(["pipeline_id": .string("unknown")]), .unsubscribe, .refused),
            ("unsubscribe", .array([]), .unsubscribe, .malformed),
            (
                "client:status", .object(["client_id": .string("c"), "status": .string("asleep")]), .clientStatus,
                .malformed
            ),
            ("client:status", .object(["status": .string("idle")]), .clientStatus, .malformed),
            ("delete everything", .null, .other, .unknown),
            ("other", .null, .other, .unknown),
            ("Subscribe", .object(["pipeline_id": .string("docs")]), .other, .unknown),
            ("", .null, .other, .unknown),
        ]

    @Test(arguments: Self.useless)
    func whatIsMalformedOrUnknownDoesNothingAndIsCounted(
        name: String, payload: JSONValue, counted: ClientEvent.Name, outcome: ClientEvent.Outcome
    ) {
        let reaction = self.react(name, payload)
        #expect(reaction.answer["ok"] == .bool(false))
        #expect(reaction.answer["error"]?.string?.isEmpty == false)
        #expect(reaction.join.isEmpty && reaction.leave.isEmpty)
        #expect(reaction.name == counted)
        #expect(reaction.outcome == outcome)
    }

    @Test func whatIsAcceptedIsCountedByItsName() {
        let payload: JSONValue = .object([
            "pipeline_id": .string("docs"), "client_id": .string("c"), "status": .string("idle"),
        ])
        for name in ["subscribe", "unsubscribe", "ping", "client:status"] {
            let reaction = self.react(name, payload)
            #expect(reaction.name.rawValue == name)
            #expect(reaction.outcome == .accepted)
        }
    }

    @Test(arguments: ["active", "idle", "background"])
    func theStateOfAClientIsAcknowledged(status: String) {
        let payload: JSONValue = .object(["client_id": .string("c"), "status": .string(status)])
        #expect(self.react("client:status", payload).answer == .object(["ok": .bool(true)]))
    }

    @Test func anEventIsHeardInItsPipelinesRoomsAndByThoseWhoNeverSubscribed() {
        let rooms = Rooms.hearing(Self.pipelines[0])
        #expect(rooms == ["all", "all:docs", "pipeline:docs", "type:local_files"])
    }
}
