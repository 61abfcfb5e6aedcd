import EngineIO
import NIOCore
import SocketIO
import Synchronization
import Testing
import Web

@Suite("Limits")
struct LimitsTests {
    @Test(arguments: [(2, 9, 503), (9, 2, 429)])
    func oneClientTooManyIsRefused(total: Int, perAddress: Int, status: Int) async throws {
        let limits = ConnectionLimits(total: total, perAddress: perAddress)
        try await TestServer.run(configuration: SocketConfiguration(connections: limits)) { server in
            let first = try await server.openWebSocket()
            _ = try await server.openPolling()
            for target in ["/socket.io/?EIO=4&transport=polling", ""] {
                let wire = try await server.connect()
                let answer =
                    target.isEmpty ? try await wire.upgrade() : try await wire.request("GET", target)
                #expect(answer.status == status)
            }
            first.close()
            try await server.until { $0.webSocketSessions == 0 }
            _ = try await server.openWebSocket()
        }
    }

    @Test func requestToARouteThatDripsInIsCutOff() async throws {
        let web = WebConfiguration(port: 0, requestTimeout: .seconds(1))
        try await TestServer.run(web: web) { server in
            let whole = try await server.connect()
            #expect(try await whole.request("POST", "/echo", body: "abc").body == "abc")
            let wire = try await server.connect()
            wire.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n3")
            try await wire.waitUntilClosed()
        }
    }

    @Test(arguments: [ConnectionLimits(total: 2, perAddress: 9), ConnectionLimits(total: 9, perAddress: 2)])
    func oneConnectionTooManyIsClosed(limits: ConnectionLimits) async throws {
        try await TestServer.run(web: WebConfiguration(port: 0, connections: limits)) { server in
            _ = try await server.openWebSocket()
            let second = try await server.connect()
            #expect(try await second.request("GET", "/hello").status == 200)
            for _ in 0..<3 { try await server.connect().waitUntilClosed() }
            #expect(try await second.request("GET", "/hello").status == 200)
        }
    }

    /// What comes by way of a proxy is counted by what the proxy says, not as the proxy's own.
    @Test func trustedProxyHasAsManyConnectionsAsThereAreInAll() async throws {
        var web = WebConfiguration(port: 0, connections: ConnectionLimits(total: 4, perAddress: 1))
        web.trustedProxies = TrustedProxies([TrustedProxies.Block(bytes: [127, 0, 0, 1], prefixLength: 32)])
        try await TestServer.run(web: web) { server in
            var wires: [Wire] = []
            for _ in 0..<4 {
                wires.append(try await server.connect())
                #expect(try await wires[wires.count - 1].request("GET", "/hello").status == 200)
            }
            try await server.connect().waitUntilClosed()
        }
    }

    @Test func requestThatDripsInIsCutOff() async throws {
        // Long enough for the honest request below to come in time, however busy the machine is.
        let web = WebConfiguration(port: 0, requestTimeout: .seconds(6))
        try await TestServer.run(web: web) { server in
            let head = try await server.connect()
            head.send("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: local")
            try await head.waitUntilClosed()
            let sid = try await server.openPolling()
            let body = try await server.connect()
            body.send(
                "POST /socket.io/?EIO=4&transport=polling&sid=\(sid) HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Length: 100\r\n\r\n3")
            try await body.waitUntilClosed()
        }
    }

    @Test(arguments: [
        ("localhost", 200), ("localhost:80", 200), ("127.0.0.1:8003", 200), ("[::1]:8003", 200),
        ("page.localhost", 200),
        ("docs.example.org:1", 200), ("evil.example.com", 403), ("127.0.0.1.evil.com", 403), ("127.evil.com.1", 403),
        ("", 403),
    ])
    func onlyItsOwnNamesAreServed(host: String, status: Int) async throws {
        let web = WebConfiguration(port: 0, allowedHosts: .list(["docs.example.org"]))
        try await TestServer.run(web: web) { server in
            for target in ["/hello", "/socket.io/?EIO=4&transport=polling"] {
                let wire = try await server.connect()
                wire.send("GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
                let answer = try await wire.answer()
                #expect(answer.status == status, "\(target)")
                guard status == 403, target == "/hello" else { continue }
                #expect(answer.headers["content-type"] == "application/problem+json")
                #expect(answer.body.contains("server.allowed_hosts"))
            }
        }
    }

    @Test func refusedRequestsAreCountedByTheirCause() async throws {
        let web = WebConfiguration(port: 0, allowedHosts: .loopback)
        try await TestServer.run(configuration: SocketConfiguration(session: SessionLimits(maxPayload: 10)), web: web) {
            server in
            let endpoint = "/socket.io/"
            let sid = try await server.openPolling()
            let requests: [(Rejection, String, String, String?)] = [
                (.unknownTransport, "GET", "?EIO=4&transport=__proto__", nil),
                (.unknownSession, "GET", "?EIO=4&transport=polling&sid=\(String(repeating: "A", count: 22))", nil),
                (.badHandshakeMethod, "POST", "?EIO=4&transport=polling", "x"),
                (.badRequest, "PUT", "?EIO=4&transport=polling&sid=\(sid)", "x"),
                (.unsupportedVersion, "GET", "?EIO=3&transport=polling", nil),
                (.payloadTooLarge, "POST", "?EIO=4&transport=polling&sid=\(sid)", "01234567890"),
            ]
            for (_, method, query, body) in requests {
                _ = try await server.connect().request(method, endpoint + query, body: body)
            }
            let foreign = try await server.connect()
            foreign.send("GET \(endpoint)?EIO=4&transport=polling HTTP/1.1\r\nHost: evil.example\r\n\r\n")
            #expect(try await foreign.answer().status == 403)
            let expected = Dictionary(uniqueKeysWithValues: (requests.map(\.0) + [.forbidden]).map { ($0, 1) })
            try await server.until { $0.rejectedRequests == expected.count }
            #expect(await server.sockets.metrics.rejections == expected)
        }
    }

    @Test func longAnswersAreCompressedForWhoCanReadThem() async throws {
        try await TestServer.run(configuration: SocketConfiguration(cookie: "node")) { server in
            let sid = try await server.openPolling()
            let target = "/socket.io/?EIO=4&transport=polling&sid=\(sid)"
            let wire = try await server.connect()
            _ = try await wire.request("POST", target, body: "40")
            _ = try await wire.request("GET", target)
            for (accepted, isCompressed) in [("gzip, br", true), ("gzip;q=0, br", false), ("br", false)] {
                server.sockets.emit("a", EventPayload(.string(String(repeating: "x", count: 5_000))), namespace: "/")
                let answer = try await wire.request("GET", target, headers: ["Accept-Encoding": accepted])
                #expect(answer.headers["content-encoding"] == (isCompressed ? "gzip" : nil))
                #expect((answer.headers["content-length"].flatMap { Int($0) } ?? 0 < 200) == isCompressed)
            }
        }
    }

    @Test func sessionIsInTheCookieThatWasAskedFor() async throws {
        try await TestServer.run(configuration: SocketConfiguration(cookie: "node")) { server in
            let wire = try await server.connect()
            let answer = try await wire.request("GET", "/socket.io/?EIO=4&transport=polling")
            let cookie = try #require(answer.headers["set-cookie"])
            let sid = String(answer.body.dropFirst(#"0{"sid":""#.count).prefix(22))
            // 'Secure' would keep it from clients that come without TLS.
            #expect(cookie == "node=\(sid); Path=/; HttpOnly; SameSite=Lax")
        }
    }

    @Test func volatileEventsAreDroppedWhereTooMuchWaits() async throws {
        let session = SessionLimits(maxWaitingBytes: 2_000_000)
        try await TestServer.run(configuration: SocketConfiguration(session: session), threads: 1) { server in
            let good = try await server.openWebSocket()
            let stuck = try await server.connect(reads: false)
            stuck.send(Array(Wire.webSocketRequest("").utf8) + Wire.frame(Array("40".utf8)))
            try await server.until { $0.sockets["/"] == 2 }
            let payload = EventPayload(.string(String(repeating: "x", count: 100_000)))
            for index in 0..<2_000 where await server.sockets.metrics.packetsDropped == 0 {
                server.sockets.emit("v", payload, namespace: "/", isVolatile: true)
                var text = try await good.text()
                // On a loaded machine it takes long enough for a ping.
                while text == "2" {
                    good.sendText("3")
                    text = try await good.text()
                }
                #expect(text.utf8.count > 100_000, "event \(index)")
            }
            let metrics = await server.sockets.metrics
            #expect(metrics.packetsDropped > 0)
            #expect(metrics.sessionsClosed.isEmpty)
            stuck.close()
        }
    }

    @Test func severalClientsAnswerOneQuestion() async throws {
        let outcomes = AsyncStream<BroadcastAnswers.Outcome>.makeStream()
        try await TestServer.run { server in
            var wires: [Wire] = []
            for _ in 0..<4 { wires.append(try await server.openWebSocket()) }
            server.sockets.emit("ask", EventPayload(1), namespace: "/", timeout: .seconds(30)) {
                outcomes.continuation.yield($0)
            }
            for (index, wire) in wires.enumerated() {
                let question = try await wire.text()
                let id = question.dropFirst(2).prefix { $0.isNumber }
                #expect(question == "42\(id)[\"ask\",1]")
                if index == 3 { wire.close() } else { wire.sendText("43\(id)[\(index)]") }
            }
            let outcome = try #require(await outcomes.stream.first { _ in true })
            #expect(Set(outcome.answers.compactMap { $0.arguments.first?.int }) == [0, 1, 2])
            #expect(outcome.missing.count == 1)
        }
    }
}
