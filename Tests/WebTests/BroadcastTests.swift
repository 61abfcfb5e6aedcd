import EngineIO
import NIOCore
import SocketIO
import Synchronization
import Testing
import Web

/// Whom a broadcast reaches, over the wire and across event loops.
@Suite("Broadcasts")
struct BroadcastTests {
    /// A server whose clients are in the room that they name when they join, and clients of it.
    private struct Hall {
        let server: TestServer
        let ids: [String: SocketID]
        let wires: [String: Wire]

        /// What each client got before `end`, which all get.
        func received() async throws -> [String: [String]] {
            self.server.sockets.emit("end", namespace: "/")
            var received: [String: [String]] = [:]
            for (name, wire) in self.wires {
                var event = try await wire.text()
                while event != #"42["end"]"# {
                    received[name, default: []].append(event)
                    event = try await wire.text()
                }
            }
            return received
        }
    }

    /// Opens clients `a`, `b` and `c` in room `1`, and `d`, which polls, in room `2`; `c` is in `2`, too.
    private static func withHall(_ test: @escaping @Sendable (Hall) async throws -> Void) async throws {
        let ids = Mutex<[String: SocketID]>([:])
        let namespace = SocketNamespace(
            "/",
            connected: { socket, request in
                guard let name = request.auth?["name"]?.string else { return }
                ids.withLock { $0[name] = socket.id }
                socket.join(name == "c" ? ["1", "2"] : name == "d" ? ["2"] : ["1"])
            })
        try await TestServer.run(namespaces: [namespace]) { server in
            var wires: [String: Wire] = [:]
            for name in ["a", "b", "c", "d"] {
                let wire = try await server.connect()
                _ = try await wire.upgrade()
                _ = try await wire.text()
                wire.sendText("40{\"name\":\"\(name)\"}")
                _ = try await wire.text()
                wires[name] = wire
            }
            try await test(Hall(server: server, ids: ids.withLock { $0 }, wires: wires))
        }
    }

    @Test func roomsReachTheirMembersOnce() async throws {
        try await Self.withHall { hall in
            hall.server.sockets.emit("x", namespace: "/", to: .rooms(["1", "2", "nobody's"]))
            hall.server.sockets.emit("y", namespace: "/", to: .rooms(["2"]))
            let (x, y) = (#"42["x"]"#, #"42["y"]"#)
            let received = try await hall.received()
            #expect(received == ["a": [x], "b": [x], "c": [x, y], "d": [x, y]])
        }
    }

    @Test func exceptedSocketsAndRoomsGetNothing() async throws {
        try await Self.withHall { hall in
            let a = try #require(hall.ids["a"])
            hall.server.sockets.emit("x", namespace: "/", except: [a])
            hall.server.sockets.emit("y", namespace: "/", to: .rooms(["1"]), exceptRooms: ["2"])
            hall.server.sockets.emit("z", namespace: "/", to: .rooms(["1", "2"]), except: [a], exceptRooms: ["2"])
            let (x, y, z) = (#"42["x"]"#, #"42["y"]"#, #"42["z"]"#)
            let received = try await hall.received()
            #expect(received == ["a": [y], "b": [x, y, z], "c": [x], "d": [x]])
        }
    }

    @Test func roomsThatWereLeftAreNotReached() async throws {
        try await Self.withHall { hall in
            let c = try #require(hall.ids["c"])
            hall.server.sockets.leave(["2"], c)
            hall.server.sockets.emit("x", namespace: "/", to: .rooms(["2"]))
            hall.server.sockets.join(["2"], c)
            hall.server.sockets.emit("y", namespace: "/", to: .rooms(["2"]))
            let (x, y) = (#"42["x"]"#, #"42["y"]"#)
            let received = try await hall.received()
            #expect(received == ["c": [y], "d": [x, y]])
        }
    }

    @Test func pollingClientsAreReachedToo() async throws {
        try await Self.withHall { hall in
            let sid = try await hall.server.openPolling()
            let target = "/socket.io/?EIO=4&transport=polling&sid=\(sid)"
            let wire = try await hall.server.connect()
            _ = try await wire.request("POST", target, body: #"40{"name":"e"}"#)
            _ = try await wire.request("GET", target)
            hall.server.sockets.emit("x", namespace: "/", to: .rooms(["1"]), exceptRooms: ["2"])
            #expect(try await wire.request("GET", target).body == #"42["x"]"#)
        }
    }
}
