import EngineIO
import SeededRandom
import SocketIO
import Testing

@Suite("Socket.IO connections under random events")
struct ConnectionFuzzTests {
    /// Keeps the books of the edge, and checks that the connection's are the same.
    struct Observer {
        var connection: Connection
        let version: ProtocolVersion
        let seed: UInt64
        var generator: SplitMix64
        var authorising: Set<String> = []
        var joined: [String: SocketID] = [:]
        var asked: Set<Int> = []
        var ending: CloseReason?
        var isClosed = false
        let start = ContinuousClock.now

        init(version: ProtocolVersion, seed: UInt64, generator: SplitMix64) {
            self.version = version
            self.seed = seed
            self.generator = generator
            self.connection = Connection(
                namespaces: ["/", "/a", "/b", "/c"], limits: PacketLimits(depth: 4, attachmentBytes: 8, namespaces: 3),
                version: version, connectTimeout: .seconds(45), now: self.start)
        }

        mutating func check(_ actions: [ConnectionAction]) {
            for action in actions {
                #expect(!self.isClosed, "seed \(self.seed)")
                switch action {
                case .authorise(let namespace, _):
                    #expect(self.joined[namespace] == nil, "seed \(self.seed)")
                    #expect(self.authorising.insert(namespace).inserted, "seed \(self.seed)")
                case .connected(let namespace, let socket):
                    #expect(self.authorising.remove(namespace) != nil, "seed \(self.seed)")
                    self.joined[namespace] = socket
                case .refused(let namespace, _):
                    self.authorising.remove(namespace)
                case .event(let namespace, let socket, let name, _, let id):
                    #expect(self.ending == nil, "seed \(self.seed)")
                    #expect(self.joined[namespace] == socket, "seed \(self.seed)")
                    #expect(name != "connect" && (id ?? 0) >= 0, "seed \(self.seed)")
                case .acknowledged(let socket, let id, _), .acknowledgementTimedOut(let socket, let id):
                    #expect(self.joined.values.contains(socket), "seed \(self.seed)")
                    #expect(self.asked.remove(id) != nil, "seed \(self.seed)")
                case .disconnected(let namespace, let socket, _):
                    #expect(self.joined.removeValue(forKey: namespace) == socket, "seed \(self.seed)")
                case .close(let reason):
                    // The session ends, now or after a last poll, and with it every socket.
                    #expect(self.ending == nil, "seed \(self.seed)")
                    self.ending = reason
                case .send(let packet):
                    #expect(!packet.text.isEmpty, "seed \(self.seed)")
                }
            }
            #expect(self.joined.count + self.authorising.count <= 3, "seed \(self.seed)")
            if self.isClosed { #expect(self.joined.isEmpty, "seed \(self.seed)") }
        }
    }

    private static let texts = [
        "0", "0/a,", "0/b,{\"t\":1}", "0/c", "0/zzz,", "0/a?x=1,", "1", "1/a,", "2[\"e\",1]", "2/a,7[\"e\"]",
        "2/b,[\"e\"]",
        "30[]", "31[1]", "3/a,2[]", "3999999[]", "51-[\"e\",{\"_placeholder\":true,\"num\":0}]", "52-/a,[\"e\"]",
        "61-0[{\"_placeholder\":true,\"num\":0}]", "50-[\"e\"]",
    ]
    private static let hostile = [
        "", "9", "4", "2", "2[", "2[1]", "2[\"connect\"]", "0[]", "5", "5999999-[\"e\"]", "511-[\"e\"]",
        "2/zzz,[\"e\"]",
        "2999999999999999999999[\"e\"]", "2[[[[[[[[", "51-[\"e\",{\"_placeholder\":true,\"num\":5}]", "2[\"\\ud800\"]",
        "0/" + String(repeating: "x", count: 5_000),
    ]

    @Test func booksOfBothSidesAgree() {
        let seed = Fuzz.seed("connection")
        var generator = SplitMix64(seed: seed)
        for _ in 0..<Fuzz.iterations(3_000) {
            let version = Bool.random(using: &generator) ? ProtocolVersion.v3 : .v4
            var observer = Observer(version: version, seed: seed, generator: SplitMix64(seed: generator.next()))
            observer.check(observer.connection.opened().map { [$0] } ?? [])
            for step in 0..<40 {
                self.step(&observer, step, using: &generator)
                guard observer.ending == nil || Int.random(in: 0..<4, using: &generator) > 0 else { break }
            }
            observer.check(observer.connection.closed(observer.ending ?? .transportClose))
            observer.isClosed = true
            observer.check(observer.connection.closed(.transportClose))
            for step in 40..<45 { self.step(&observer, step, using: &generator) }
        }
    }

    private func step(_ observer: inout Observer, _ step: Int, using generator: inout SplitMix64) {
        let now = observer.start + .seconds(step)
        let namespace = ["/", "/a", "/b", "/c", "/zzz"].randomElement(using: &generator) ?? "/"
        switch Int.random(in: 0..<20, using: &generator) {
        case 0..<8:
            let text = Self.texts.randomElement(using: &generator) ?? ""
            observer.check(observer.connection.received(.text(Array(text.utf8)[...])).map { [$0] } ?? [])
        case 8, 9:
            observer.check(observer.connection.received(.binary([1, 2, 3])).map { [$0] } ?? [])
        case 10 where Int.random(in: 0..<4, using: &generator) == 0:
            let text = Self.hostile.randomElement(using: &generator) ?? ""
            observer.check(observer.connection.received(.text(Array(text.utf8)[...])).map { [$0] } ?? [])
        case 11, 12, 13:
            let socket = SocketID(shard: 0, using: &observer.generator)
            observer.check(observer.connection.accept(namespace: namespace, as: socket))
        case 14:
            observer.check(observer.connection.refuse(namespace: namespace, message: "no", data: nil))
        case 15:
            guard
                let asked = observer.connection.ask(
                    "q", .none, namespace: namespace, deadline: now + .seconds(3))
            else { return }
            observer.asked.insert(asked.id)
            observer.check(asked.actions)
        case 16:
            observer.check(observer.connection.disconnect(namespace: namespace))
        case 17 where Int.random(in: 0..<6, using: &generator) == 0:
            observer.check(observer.connection.disconnectAll())
        default:
            observer.check(observer.connection.tick(now: now))
        }
    }
}
