import EngineIO
import NIOCore
import SocketIO
import Synchronization
import Testing
import Web

@Suite("Connection state recovery")
struct RecoveryTests {
    /// What a client is told when it joins.
    private struct Joined: Equatable {
        let sid: String
        let pid: String

        init(_ text: String) throws {
            let value = try JSONValue(parsing: Array(text.dropFirst(2).utf8))
            self.sid = try #require(value["sid"]?.string)
            self.pid = try #require(value["pid"]?.string)
        }
    }

    private static let configuration = SocketConfiguration(recovery: RecoveryLimits())

    /// Opens a WebSocket and joins; the wire and the answer.
    private static func join(_ server: TestServer, auth: String = "") async throws -> (Wire, Joined) {
        let wire = try await server.connect()
        _ = try await wire.upgrade()
        _ = try await wire.text()
        wire.sendText("40\(auth)")
        return (wire, try Joined(try await wire.text()))
    }

    /// The offset at the end of an event.
    private static func offset(_ event: String) throws -> String {
        let list = try JSONValue(parsing: Array(event.dropFirst(2).utf8)).array
        return try #require(list?.last?.string)
    }

    private static func claim(_ joined: Joined, _ offset: String?) -> String {
        let offset = offset.map { ",\"offset\":\"\($0)\"" } ?? ""
        return "{\"pid\":\"\(joined.pid)\"\(offset)}"
    }

    private static func emit(_ server: TestServer, _ names: String..., to target: Audience.Target = .everyone) {
        for name in names { server.sockets.emit(name, EventPayload(1), namespace: "/", to: target) }
    }

    @Test func lostClientComesBackWithWhatItMissed() async throws {
        let recovered = Mutex<[Bool]>([])
        let namespace = SocketNamespace(
            "/",
            connected: { socket, request in
                recovered.withLock { $0.append(request.isRecovered) }
                if !request.isRecovered { socket.join(["mine"]) }
            })
        try await TestServer.run(namespaces: [namespace], configuration: Self.configuration) { server in
            let (wire, joined) = try await Self.join(server)
            Self.emit(server, "a")
            let offset = try Self.offset(try await wire.text())
            wire.close()
            try await server.until { $0.sockets["/"] == 0 }

            Self.emit(server, "b")
            Self.emit(server, "c", to: .rooms(["other"]))
            Self.emit(server, "d", to: .rooms(["mine"]))
            let (again, joinedAgain) = try await Self.join(server, auth: Self.claim(joined, offset))
            #expect(joinedAgain == joined)
            Self.emit(server, "e", to: .rooms(["mine"]))
            for name in ["b", "d", "e"] { #expect(try await again.text().hasPrefix("42[\"\(name)\",1,")) }
            #expect(await server.sockets.metrics.recoveryHits == 1)
            #expect(recovered.withLock { $0 } == [false, true])
        }
    }

    @Test func clientThatSawNothingYetComesBackToo() async throws {
        try await TestServer.run(configuration: Self.configuration) { server in
            let (wire, joined) = try await Self.join(server)
            wire.close()
            try await server.until { $0.sockets["/"] == 0 }
            Self.emit(server, "a")
            let (again, joinedAgain) = try await Self.join(server, auth: Self.claim(joined, nil))
            #expect(joinedAgain == joined)
            #expect(try await again.text().hasPrefix("42[\"a\",1,"))
        }
    }

    @Test func clientWhoseLossWasNotNoticedTakesItsSocketOver() async throws {
        try await TestServer.run(configuration: Self.configuration) { server in
            for _ in 0..<6 {
                let (old, joined) = try await Self.join(server)
                Self.emit(server, "a")
                let offset = try Self.offset(try await old.text())
                let (new, joinedAgain) = try await Self.join(server, auth: Self.claim(joined, offset))
                #expect(joinedAgain == joined)
                Self.emit(server, "b")
                #expect(try await new.text().hasPrefix("42[\"b\",1,"))
                new.close()
                old.close()
                try await server.until { $0.webSocketSessions == 0 }
            }
        }
    }

    @Test(arguments: ["{\"pid\":\"nonsense\",\"offset\":\"x\"}", "{\"pid\":\"AAAAAAAAAAAAAAAAAAAAAA\"}", "{\"pid\":7}"])
    func nonsenseStartsAfresh(_ auth: String) async throws {
        try await TestServer.run(configuration: Self.configuration) { server in
            let (wire, joined) = try await Self.join(server, auth: auth)
            #expect(!joined.pid.isEmpty)
            Self.emit(server, "a")
            #expect(try await wire.text().hasPrefix("42[\"a\",1,"))
            #expect(await server.sockets.metrics.recoveryHits == 0)
        }
    }

    @Test func clientsComeBackToTheNextProcess() async throws {
        let kept = Mutex<(state: [UInt8], claim: String, sid: String)>(([], "", ""))
        try await TestServer.run(configuration: Self.configuration) { server in
            let (wire, joined) = try await Self.join(server)
            Self.emit(server, "a")
            let offset = try Self.offset(try await wire.text())
            wire.close()
            try await server.until { $0.sockets["/"] == 0 }
            Self.emit(server, "b")
            await server.stop()
            let state = try #require(server.sockets.recoveryState())
            kept.withLock { $0 = (state, Self.claim(joined, offset), joined.sid) }
        }
        let (state, claim, sid) = kept.withLock { $0 }
        try await TestServer.run(configuration: Self.configuration, threads: 1, recovered: state) { server in
            Self.emit(server, "c")
            let (wire, joined) = try await Self.join(server, auth: claim)
            #expect(joined.sid == sid)
            for name in ["b", "c"] { #expect(try await wire.text().hasPrefix("42[\"\(name)\",1,")) }
            let id = try #require(SocketID(sid))
            server.sockets.emit("alone", EventPayload(2), namespace: "/", to: .socket(id))
            #expect(try await wire.text().hasPrefix("42[\"alone\",2,"))
        }
    }

    @Test func clientsForPythonGetNoOffsets() async throws {
        try await TestServer.run(configuration: Self.configuration) { server in
            let wire = try await server.connect()
            _ = try await wire.upgrade("&t=1763865000.1234")
            _ = try await wire.text()
            wire.sendText("40")
            #expect(try await !wire.text().contains("pid"))
            let (other, _) = try await Self.join(server)
            Self.emit(server, "a")
            #expect(try await wire.text() == "42[\"a\",1]")
            #expect(try await other.text().hasPrefix("42[\"a\",1,\""))
        }
    }
}
