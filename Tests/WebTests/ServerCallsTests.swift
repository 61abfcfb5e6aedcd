import EngineIO
import NIOCore
import SocketIO
import Synchronization
import Testing
import Web

/// What the server asks of its clients: answers, and that they go.
@Suite("Calls of the server")
struct ServerCallsTests {
    /// What the application was told, in order.
    private final class Diary: Sendable {
        private let lines = Mutex<[String]>([])
        private let sockets = Mutex<[String: Socket]>([:])

        var all: [String] { self.lines.withLock { $0 } }

        func socket(in namespace: String) -> Socket? { self.sockets.withLock { $0[namespace] } }

        func namespace(_ name: String) -> SocketNamespace {
            SocketNamespace(
                name,
                connected: { socket, _ in self.sockets.withLock { $0[name] = socket } },
                event: { _, event in self.lines.withLock { $0.append("\(name) \(event.name)") } },
                disconnected: { _, reason in self.lines.withLock { $0.append("\(name) \(reason.rawValue)") } }
            )
        }
    }

    /// A client in the namespaces `/` and `/a`.
    private static func withClient(
        _ test: @escaping @Sendable (TestServer, Wire, Diary) async throws -> Void
    ) async throws {
        let diary = Diary()
        try await TestServer.run(namespaces: [diary.namespace("/"), diary.namespace("/a")]) { server in
            let wire = try await server.openWebSocket()
            wire.sendText("40/a,")
            #expect(try await wire.text().hasPrefix("40/a,{"))
            try await test(server, wire, diary)
        }
    }

    @Test func socketIsPutOutOfOneNamespace() async throws {
        try await Self.withClient { server, wire, diary in
            diary.socket(in: "/a")?.disconnect()
            #expect(try await wire.text() == "41/a,")
            // What was on its way counts for nothing, and the other namespace goes on.
            wire.sendText(#"42/a,["late"]"#)
            wire.sendText(#"42["x"]"#)
            try await server.until { $0.packetsReceived == 4 }
            #expect(diary.all == ["/a server namespace disconnect", "/ x"])
            wire.sendText("40/a,")
            #expect(try await wire.text().hasPrefix("40/a,{"))
        }
    }

    @Test func connectionIsEndedWithAllItsSockets() async throws {
        try await Self.withClient { server, wire, diary in
            diary.socket(in: "/a")?.disconnect(closingConnection: true)
            #expect(Set([try await wire.text(), try await wire.text()]) == ["41", "41/a,"])
            #expect(try await wire.frame() == .close(1000))
            try await server.until { $0.sessionsClosed == [.serverClose: 1] && $0.webSocketSessions == 0 }
            #expect(Set(diary.all) == ["/ forced server close", "/a forced server close"])
        }
    }

    @Test func clientThatPollsIsToldBeforeItsConnectionEnds() async throws {
        let diary = Diary()
        try await TestServer.run(namespaces: [diary.namespace("/")]) { server in
            let target = "/socket.io/?EIO=4&transport=polling&sid=\(try await server.openPolling())"
            let wire = try await server.connect()
            _ = try await wire.request("POST", target, body: "40")
            _ = try await wire.request("GET", target)
            wire.sendRequest("GET", target)
            diary.socket(in: "/")?.disconnect(closingConnection: true)
            #expect(try await wire.answer().body == "41")
            #expect(try await wire.request("GET", target).body == "1")
            #expect(try await wire.request("GET", target).body == RequestError.unknownSession.json)
        }
    }

    @Test func clientAnswersItsServer() async throws {
        let answers = AsyncStream<Result<[JSONValue], AcknowledgementError>>.makeStream()
        try await Self.withClient { _, wire, diary in
            let socket = try #require(diary.socket(in: "/a"))
            var answer = answers.stream.makeAsyncIterator()
            socket.emit("ask", EventPayload(1), timeout: .seconds(30)) { answers.continuation.yield($0) }
            let question = try await wire.text()
            let id = question.dropFirst("42/a,".count).prefix { $0.isNumber }
            #expect(question == "42/a,\(id)[\"ask\",1]")
            // Neither another namespace's answer nor another question's is this one's.
            wire.sendText("43\(id)[0]")
            wire.sendText("43/a,77[0]")
            wire.sendText("43/a,\(id)[\"yes\",2]")
            #expect(await answer.next() == .success(["yes", 2]))
        }
    }

    @Test func answerMayCarryAttachments() async throws {
        let answers = AsyncStream<Result<[JSONValue], AcknowledgementError>>.makeStream()
        try await Self.withClient { _, wire, diary in
            let socket = try #require(diary.socket(in: "/"))
            var answer = answers.stream.makeAsyncIterator()
            socket.emit("ask", EventPayload(arguments: [.binary([9, 8])]), timeout: .seconds(30)) {
                answers.continuation.yield($0)
            }
            let question = try await wire.text()
            let id = question.dropFirst("451-".count).prefix { $0.isNumber }
            #expect(question == "451-\(id)[\"ask\",{\"_placeholder\":true,\"num\":0}]")
            #expect(try await wire.frame() == .binary([9, 8]))
            wire.sendText("461-\(id)[{\"_placeholder\":true,\"num\":0}]")
            wire.send(Wire.frame([1, 2, 3], opcode: 2))
            #expect(await answer.next() == .success([.binary([1, 2, 3])]))
        }
    }

    @Test func questionThatIsNotAnsweredFails() async throws {
        let answers = AsyncStream<Result<[JSONValue], AcknowledgementError>>.makeStream()
        try await Self.withClient { _, wire, diary in
            let socket = try #require(diary.socket(in: "/"))
            var answer = answers.stream.makeAsyncIterator()
            socket.emit("ask", .none, timeout: .milliseconds(20)) { answers.continuation.yield($0) }
            #expect(await answer.next() == .failure(.timedOut))
            socket.emit("ask", .none, timeout: .seconds(3_000)) { answers.continuation.yield($0) }
            _ = try await wire.text()
            _ = try await wire.text()
            wire.close()
            #expect(await answer.next() == .failure(.disconnected))
            socket.emit("ask", .none, timeout: .seconds(3_000)) { answers.continuation.yield($0) }
            #expect(await answer.next() == .failure(.disconnected))
        }
    }
}
