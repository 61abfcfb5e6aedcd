import EngineIO
import SocketIO
import Synchronization
import Testing
import Web

@Suite("WebSocket")
struct WebSocketTests {
    private static let echo = SocketNamespace(
        "/",
        event: { _, event in event.acknowledgement?.answer(EventPayload(arguments: event.arguments)) }
    )

    /// What the application counts under its own lock.
    private final class Counter: Sendable {
        let count = Mutex(0)
    }

    @Test func frameBehindTheHandshakeInOneSegmentIsRead() async throws {
        try await TestServer.run { server in
            let wire = try await server.connect()
            wire.send(Array(Wire.webSocketRequest("").utf8) + Wire.frame(Array("40".utf8)))
            let answer = try await wire.answer(hasBody: false)
            #expect(answer.status == 101)
            #expect(answer.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            #expect(try await wire.text().hasPrefix(#"0{"sid":""#))
            #expect(try await wire.text().hasPrefix(#"40{"sid":""#))
        }
    }

    @Test(arguments: ["/hello", "/socket.io/?EIO=4&transport=polling"])
    func connectionThatServedARequestMayBecomeAWebSocket(_ target: String) async throws {
        try await TestServer.run(namespaces: [Self.echo]) { server in
            let wire = try await server.connect()
            #expect(try await wire.request("GET", target).status == 200)
            #expect(try await wire.request("GET", target).status == 200)
            wire.send(Array(Wire.webSocketRequest("").utf8) + Wire.frame(Array("40".utf8)))
            #expect(try await wire.answer(hasBody: false).status == 101)
            _ = try await wire.text()
            _ = try await wire.text()
            for index in 0..<50 {
                wire.sendText("42\(index)[\"x\"]")
                #expect(try await wire.text() == "43\(index)[]")
            }
            wire.close()
            try await server.until { $0.webSocketSessions == 0 }
        }
    }

    /// Whoever watched over the connection's first requests must not take the silence of a WebSocket for its end.
    @Test(arguments: ["/hello", "/socket.io/?EIO=4&transport=polling"])
    func webSocketOutlivesTheTimeThatAnIdleConnectionHas(_ target: String) async throws {
        // Long enough for the requests below to follow one another in time, however busy the machine is.
        let session = SessionLimits(pingInterval: .seconds(10), pingTimeout: .seconds(60))
        let web = WebConfiguration(port: 0, idleTimeout: .seconds(4))
        let configuration = SocketConfiguration(session: session)
        try await TestServer.run(configuration: configuration, web: web) { server in
            let wire = try await server.connect()
            #expect(try await wire.request("GET", target).status == 200)
            wire.send(Array(Wire.webSocketRequest("").utf8))
            #expect(try await wire.answer(hasBody: false).status == 101)
            #expect(try await wire.text().hasPrefix(#"0{"sid":""#))
            #expect(try await wire.text() == "2")
        }
    }

    @Test func sessionMovesFromPollingToWebSocket() async throws {
        try await TestServer.run(namespaces: [Self.echo]) { server in
            for _ in 0..<6 {
                let sid = try await server.openPolling()
                let target = "/socket.io/?EIO=4&transport=polling&sid=\(sid)"
                let (polling, wire) = (try await server.connect(), try await server.connect())
                _ = try await polling.request("POST", target, body: "40")
                _ = try await polling.request("GET", target)
                polling.sendRequest("GET", target)
                #expect(try await wire.upgrade("&sid=\(sid)").status == 101)
                wire.sendText("2probe")
                #expect(try await wire.text() == "3probe")
                #expect(try await polling.answer().body == "6")
                wire.sendText("5")
                wire.sendText(#"421["x"]"#)
                #expect(try await wire.text() == "431[]")
                #expect(try await polling.request("GET", target).body == RequestError.badRequest.json)
                let late = try await server.connect()
                _ = try await late.upgrade("&sid=\(sid)")
                #expect(try await late.frame() == .close(1000))
                wire.sendText(#"422["x"]"#)
                #expect(try await wire.text() == "432[]")
            }
            #expect(await server.sockets.metrics.upgrades == 6)
        }
    }

    @Test func upgradeOfAnUnknownSessionIsRefused() async throws {
        try await TestServer.run { server in
            let wire = try await server.connect()
            wire.send(Wire.webSocketRequest("&sid=AAAAAAAAAAAAAAAAAAAAAA"))
            let answer = try await wire.answer()
            #expect(answer.status == 400)
            #expect(answer.body == RequestError.unknownSession.json)
            try await wire.waitUntilClosed()
        }
    }

    @Test func fragmentsAreJoinedAndPingsAnsweredBetweenThem() async throws {
        try await TestServer.run(namespaces: [Self.echo]) { server in
            let wire = try await server.openWebSocket()
            wire.send(Wire.frame(Array(#"421["x","#.utf8), isLast: false))
            wire.send(Wire.frame([9, 9], opcode: 9))
            #expect(try await wire.frame() == .pong([9, 9]))
            wire.send(Wire.frame(Array("true]".utf8), opcode: 0))
            #expect(try await wire.text() == "431[true]")
        }
    }

    struct Broken: CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let code: UInt16
    }

    @Test(arguments: [
        Broken(testDescription: "unmasked frame", bytes: [0x81, 0x01, 0x34], code: 1002),
        Broken(testDescription: "reserved bit", bytes: [0xC1, 0x80, 1, 2, 3, 4], code: 1002),
        Broken(testDescription: "reserved opcode", bytes: Wire.frame([], opcode: 3), code: 1002),
        Broken(testDescription: "continuation of nothing", bytes: Wire.frame([], opcode: 0), code: 1002),
        Broken(testDescription: "fragmented ping", bytes: Wire.frame([], opcode: 9, isLast: false), code: 1002),
        Broken(testDescription: "too large a frame", bytes: [0x81, 0xFF, 0, 0, 0, 0, 0x10, 0, 0, 0], code: 1009),
        Broken(testDescription: "no packet", bytes: Wire.frame(Array("abc".utf8)), code: 1008),
        Broken(testDescription: "no JSON", bytes: Wire.frame(Array("42[".utf8)), code: 1008),
        Broken(
            testDescription: "deep JSON",
            bytes: Wire.frame(Array(("42[\"a\"," + String(repeating: "[", count: 100_000)).utf8)), code: 1008),
        Broken(testDescription: "no UTF-8", bytes: Wire.frame(Array("42[\"".utf8) + [0xFF, 0x22, 0x5D]), code: 1007),
        Broken(testDescription: "binary without packet", bytes: Wire.frame([1], opcode: 2), code: 1008),
    ])
    func brokenClientLosesItsOwnConnectionOnly(_ broken: Broken) async throws {
        try await TestServer.run(namespaces: [Self.echo], threads: 1) { server in
            let (good, bad) = (try await server.openWebSocket(), try await server.openWebSocket())
            bad.send(broken.bytes)
            #expect(try await bad.frame() == .close(broken.code))
            good.sendText(#"421["still"]"#)
            #expect(try await good.text() == "431[]")
            bad.close()
            let reasons: [UInt16: CloseReason] = [1007: .invalidText, 1009: .messageTooLarge]
            let reason = reasons[broken.code] ?? .malformedPacket
            try await server.until { $0.sessionsClosed == [reason: 1] && $0.webSocketSessions == 1 }
        }
    }

    @Test func orderIsKeptThroughEveryKindOfBacklog() async throws {
        let limits = SessionLimits(maxWaitingBytes: 200_000_000, maxWaitingPackets: 100_000)
        try await TestServer.run(configuration: SocketConfiguration(session: limits), threads: 1) { server in
            let wires = [try await server.openWebSocket(), try await server.openWebSocket()]
            let filler = String(repeating: "x", count: 4_000)
            for index in 0..<3_000 {
                let payload = EventPayload(arguments: [.int(index), .string(filler)])
                server.sockets.emit("n", payload, namespace: "/")
                if index % 250 == 0 { wires[0].send(Wire.frame([7], opcode: 9)) }
            }
            for (number, wire) in wires.enumerated() {
                var (next, pongs) = (0, 0)
                while next < 3_000 {
                    switch try await wire.frame() {
                    case .text(let text):
                        try #require(text.hasPrefix("42[\"n\",\(next),"))
                        next += 1
                    case .pong: pongs += 1
                    case let frame: Issue.record("an unexpected frame: \(frame)")
                    }
                }
                #expect(number == 1 || pongs <= 12)
            }
        }
    }

    @Test func clientThatDoesNotReadIsClosed() async throws {
        // No heartbeat comes between the events, however long they take.
        let limits = SessionLimits(pingInterval: .seconds(3_600), maxWaitingBytes: 1_000_000)
        try await TestServer.run(configuration: SocketConfiguration(session: limits)) { server in
            let good = try await server.openWebSocket()
            let stuck = try await server.connect(reads: false)
            stuck.send(Array(Wire.webSocketRequest("").utf8) + Wire.frame(Array("40".utf8)))
            try await server.until { $0.sockets["/"] == 2 }
            let payload = EventPayload(json: "\"" + String(repeating: "x", count: 100_000) + "\"")
            for index in 0..<2_000 where await server.sockets.metrics.slowClientsClosed == 0 {
                server.sockets.emit("flood", payload, namespace: "/")
                #expect(try await good.text().utf8.count > 100_000, "event \(index)")
            }
            try await server.until { $0.slowClientsClosed == 1 && $0.sockets["/"] == 1 }
            #expect(await server.sockets.metrics.disconnects == [.slowClient: 1])
            stuck.close()
        }
    }

    @Test func silentClientIsClosed() async throws {
        let limits = SessionLimits(pingInterval: .milliseconds(100), pingTimeout: .milliseconds(100))
        try await TestServer.run(configuration: SocketConfiguration(session: limits)) { server in
            let wire = try await server.connect()
            _ = try await wire.upgrade()
            #expect(try await wire.text().hasPrefix("0{"))
            #expect(try await wire.text() == "2")
            #expect(try await wire.frame() == .close(1000))
            try await server.until { $0.sessionsClosed == [.pingTimeout: 1] && $0.webSocketSessions == 0 }
        }
    }

    @Test func answeringClientIsKept() async throws {
        let limits = SessionLimits(pingInterval: .milliseconds(50), pingTimeout: .seconds(20))
        try await TestServer.run(configuration: SocketConfiguration(session: limits)) { server in
            let wire = try await server.connect()
            _ = try await wire.upgrade()
            #expect(try await wire.text().hasPrefix("0{"))
            for _ in 0..<5 {
                #expect(try await wire.text() == "2")
                wire.sendText("3")
            }
            #expect(await server.sockets.metrics.sessionsClosed.isEmpty)
        }
    }

    @Test func snapshotAndLaterEventsHaveNoGapAndNoOverlap() async throws {
        let counter = Counter()
        let feed = SocketNamespace(
            "/",
            connected: { socket, _ in
                counter.count.withLock { count in
                    socket.emit("snapshot", EventPayload(.int(count)))
                    socket.join(["all"])
                }
            }
        )
        try await TestServer.run(namespaces: [feed]) { server in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask {
                    while !Task.isCancelled {
                        counter.count.withLock { count in
                            count += 1
                            server.sockets.emit(
                                "step", EventPayload(.int(count)), namespace: "/", to: .rooms(["all", "none"]))
                        }
                        await Task.yield()
                    }
                }
                for _ in 0..<20 {
                    let wire = try await server.openWebSocket()
                    let snapshot = try await wire.text()
                    let start = try #require(Int(snapshot.dropFirst(#"42["snapshot","#.count).dropLast()))
                    for step in 1...20 { #expect(try await wire.text() == "42[\"step\",\(start + step)]") }
                    wire.close()
                }
                tasks.cancelAll()
                try await tasks.waitForAll()
            }
        }
    }
}
