import EngineIO
import SeededRandom
import SocketIO
import Testing

/// Socket.IO protocol v4, as clients 1.x and 2.x speak it over Engine.IO v3.
@Suite("Socket.IO connections of old clients")
struct ConnectionV3Tests {
    private static let start = ContinuousClock.now
    private let socket: SocketID
    private let other: SocketID

    init() {
        var generator = SplitMix64(seed: 4)
        self.socket = SocketID(shard: 0, using: &generator)
        self.other = SocketID(shard: 0, using: &generator)
    }

    private func connection(_ namespaces: Set<String> = ["/", "/admin"]) -> Connection {
        Connection(
            namespaces: namespaces, limits: PacketLimits(namespaceBytes: 16, queryBytes: 32), version: .v3,
            connectTimeout: .seconds(45), now: Self.start)
    }

    private func joined() -> Connection {
        var connection = self.connection()
        _ = connection.opened()
        _ = connection.accept(namespace: "/", as: self.socket)
        return connection
    }

    private static func text(_ text: String) -> Message { .text(Array(text.utf8)[...]) }

    private static func sent(_ actions: [ConnectionAction]) -> [String] {
        actions.compactMap { action in
            switch action {
            case .send(let packet), .refused(_, let packet): String(decoding: packet.text, as: UTF8.self)
            default: nil
            }
        }
    }

    @Test func clientIsInTheMainNamespaceWithoutAsking() {
        var connection = self.connection()
        #expect(connection.opened() == .authorise(namespace: "/", auth: nil))
        let actions = connection.accept(namespace: "/", as: self.socket)
        #expect(Self.sent(actions) == ["0"])
        #expect(actions.last == .connected(namespace: "/", self.socket))
        #expect(
            connection.received(Self.text(#"2["say",1]"#))
                == .event(namespace: "/", self.socket, name: "say", arguments: [1], id: nil))
        #expect(connection.deadline == nil)
    }

    @Test func laterClientsHaveToAsk() {
        var connection = Connection(
            namespaces: ["/"], limits: PacketLimits(), connectTimeout: .seconds(45), now: Self.start)
        #expect(connection.opened() == nil)
        #expect(connection.received(Self.text(#"2["say"]"#)) == .close(.malformedPacket))
    }

    @Test(
        arguments: [
            ("0/admin", nil), ("0/admin,", nil), ("0/admin?,", [:]),
            ("0/admin?token=1,", ["token": "1"]), ("0/admin?a=%20b&c=d", ["a": " b", "c": "d"]),
        ] as [(String, JSONValue?)])
    func queryOfANamespaceIsItsAuth(_ packet: String, _ auth: JSONValue?) {
        var connection = self.joined()
        #expect(connection.received(Self.text(packet)) == .authorise(namespace: "/admin", auth: auth))
        let actions = connection.accept(namespace: "/admin", as: self.other)
        #expect(Self.sent(actions) == ["0/admin,"])
        #expect(
            connection.received(Self.text(#"2/admin?token=1,7["x"]"#))
                == .event(namespace: "/admin", self.other, name: "x", arguments: [], id: 7))
    }

    @Test func longQueriesAndNamesAreRefused() {
        for packet in ["0/" + String(repeating: "a", count: 16), "0/a?" + String(repeating: "a", count: 46)] {
            var connection = self.joined()
            #expect(connection.received(Self.text(packet)) == .close(.malformedPacket))
        }
        var connection = self.joined()
        let longest = "0/admin?" + String(repeating: "a", count: 41)
        #expect(connection.received(Self.text(longest)) != .close(.malformedPacket))
    }

    @Test func refusalsAreAStringOrTheData() {
        var connection = self.joined()
        let refused = connection.received(Self.text("0/zzz,"))
        #expect(Self.sent(refused.map { [$0] } ?? []) == [#"4/zzz,"Invalid namespace""#])
        _ = connection.received(Self.text("0/admin,"))
        #expect(
            Self.sent(connection.refuse(namespace: "/admin", message: "no", data: nil)) == [#"4/admin,"no""#])
        _ = connection.received(Self.text("0/admin,"))
        #expect(
            Self.sent(connection.refuse(namespace: "/admin", message: "no", data: ["code": 7]))
                == [#"4/admin,{"code":7}"#])
    }

    @Test func clientThatMayNotBeInTheMainNamespaceIsTold() {
        var connection = self.connection(["/admin"])
        let refused = connection.opened()
        #expect(Self.sent(refused.map { [$0] } ?? []) == [#"4"Invalid namespace""#])
        #expect(connection.received(Self.text("0/admin,")) == .authorise(namespace: "/admin", auth: nil))
    }

    @Test func askingForWhatOneHasEndsTheConnection() {
        var connection = self.joined()
        #expect(connection.received(Self.text("0")) == .close(.malformedPacket))
    }

    @Test func queryMarkIsPartOfANameInLaterVersions() {
        var connection = Connection(
            namespaces: ["/", "/a?b"], limits: PacketLimits(), connectTimeout: .seconds(45), now: Self.start)
        #expect(connection.received(Self.text("0/a?b,")) == .authorise(namespace: "/a?b", auth: nil))
    }
}
