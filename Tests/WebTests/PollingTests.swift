import EngineIO
import NIOCore
import SocketIO
import Testing
import Web

@Suite("Polling")
struct PollingTests {
    private static let echo = SocketNamespace(
        "/",
        event: { _, event in event.acknowledgement?.answer(EventPayload(arguments: event.arguments)) }
    )

    private static func target(_ sid: String) -> String { "/socket.io/?EIO=4&transport=polling&sid=\(sid)" }

    @Test func clientJoinsAsksAndIsAnswered() async throws {
        try await TestServer.run(namespaces: [Self.echo]) { server in
            let target = Self.target(try await server.openPolling())
            let wire = try await server.connect()
            #expect(try await wire.request("POST", target, body: "40").body == "ok")
            #expect(try await wire.request("GET", target).body.hasPrefix(#"40{"sid":""#))
            let question = "451-7[\"x\",{\"_placeholder\":true,\"num\":0}]\u{1E}bAQID"
            #expect(try await wire.request("POST", target, body: question).status == 200)
            #expect(
                try await wire.request("GET", target).body
                    == "461-7[{\"_placeholder\":true,\"num\":0}]" + "\u{1E}bAQID")
        }
    }

    @Test func waitingPollIsAnsweredByALaterEvent() async throws {
        try await TestServer.run { server in
            let target = Self.target(try await server.openPolling())
            let wire = try await server.connect()
            _ = try await wire.request("POST", target, body: "40")
            _ = try await wire.request("GET", target)
            wire.sendRequest("GET", target)
            server.sockets.emit("news", EventPayload(json: "1"), namespace: "/")
            server.sockets.emit("news", EventPayload(json: "2"), namespace: "/")
            var body = try await wire.answer().body
            if !body.contains("\u{1E}") { body += "\u{1E}" + (try await wire.request("GET", target).body) }
            #expect(body == "42[\"news\",1]\u{1E}42[\"news\",2]")
        }
    }

    @Test func requestsOfOneSessionMayComeOverManyConnections() async throws {
        try await TestServer.run(namespaces: [Self.echo]) { server in
            let target = Self.target(try await server.openPolling())
            for index in 0..<12 {
                let (one, other) = (try await server.connect(), try await server.connect())
                let body = index == 0 ? "40" : "42\(index)[\"x\"]"
                #expect(try await one.request("POST", target, body: body).body == "ok")
                #expect(try await other.request("GET", target).body.hasPrefix(index == 0 ? "40{" : "43\(index)[]"))
                one.close()
                other.close()
            }
        }
    }

    @Test func secondPollEndsTheSession() async throws {
        try await TestServer.run { server in
            let target = Self.target(try await server.openPolling())
            let (first, second) = (try await server.connect(), try await server.connect())
            first.sendRequest("GET", target)
            second.sendRequest("GET", target)
            let bodies = [try await first.answer().body, try await second.answer().body]
            #expect(bodies.sorted() == ["1", RequestError.badRequest.json])
            #expect(try await second.request("GET", target).body == RequestError.unknownSession.json)
        }
    }

    @Test func malformedPayloadEndsItsOwnSessionOnly() async throws {
        try await TestServer.run(namespaces: [Self.echo]) { server in
            let good = try await server.openWebSocket()
            let target = Self.target(try await server.openPolling())
            let wire = try await server.connect()
            #expect(try await wire.request("POST", target, body: "abc").status == 400)
            #expect(try await wire.request("GET", target).body == RequestError.unknownSession.json)
            good.sendText(#"421["still"]"#)
            #expect(try await good.text() == #"431[]"#)
        }
    }

    @Test func bodyLargerThanPromisedIsRefused() async throws {
        let configuration = SocketConfiguration(session: SessionLimits(maxPayload: 100))
        try await TestServer.run(configuration: configuration) { server in
            let target = Self.target(try await server.openPolling())
            let wire = try await server.connect()
            let answer = try await wire.request("POST", target, body: "4" + String(repeating: "x", count: 100))
            #expect(answer.status == 413)
            try await wire.waitUntilClosed()
        }
    }

    @Test func lostPollEndsTheSession() async throws {
        try await TestServer.run { server in
            let target = Self.target(try await server.openPolling())
            let wire = try await server.connect()
            wire.sendRequest("GET", target)
            wire.close()
            try await server.until { $0.sessionsClosed == [.transportClose: 1] && $0.pollingSessions == 0 }
        }
    }

    /// While a WebSocket is about to probe, a poll waits for its turn; its client must not be gone unnoticed meanwhile.
    @Test func lostPollEndsTheSessionInTheMiddleOfAnUpgrade() async throws {
        try await TestServer.run { server in
            for count in 1...20 {
                let sid = try await server.openPolling()
                let (polling, probe) = (try await server.connect(), try await server.connect())
                _ = try await probe.upgrade("&sid=\(sid)")
                polling.sendRequest("GET", Self.target(sid))
                polling.close()
                try await server.until { $0.sessionsClosed == [.transportClose: count] }
            }
        }
    }

    @Test func aPollIsAnsweredWithThePing() async throws {
        let limits = SessionLimits(pingInterval: .milliseconds(50), pingTimeout: .seconds(600))
        try await TestServer.run(configuration: SocketConfiguration(session: limits)) { server in
            let target = Self.target(try await server.openPolling())
            let wire = try await server.connect()
            #expect(try await wire.request("GET", target).body == "2")
        }
    }

    @Test func silentClientIsForgotten() async throws {
        let limits = SessionLimits(pingInterval: .milliseconds(50), pingTimeout: .milliseconds(50))
        try await TestServer.run(configuration: SocketConfiguration(session: limits)) { server in
            let target = Self.target(try await server.openPolling())
            let wire = try await server.connect()
            try await server.until { $0.sessionsClosed == [.pingTimeout: 1] }
            #expect(try await wire.request("GET", target).body == RequestError.unknownSession.json)
        }
    }

    @Test func pagesOfOtherOriginsNeedPermission() async throws {
        let configuration = SocketConfiguration(allowedOrigins: .list(["https://ok.example"]))
        try await TestServer.run(configuration: configuration) { server in
            let wire = try await server.connect()
            let target = "/socket.io/?EIO=4&transport=polling"
            let refused = try await wire.request("GET", target, headers: ["Origin": "https://evil.example"])
            #expect(refused.body == RequestError.forbidden.json)
            let allowed = try await wire.request("GET", target, headers: ["Origin": "https://ok.example"])
            #expect(allowed.headers["access-control-allow-origin"] == "https://ok.example")
            #expect(allowed.headers["access-control-allow-credentials"] == "true")
            #expect(allowed.headers["vary"] == "Origin")
            let own = try await wire.request("GET", target, headers: ["Origin": "http://localhost"])
            #expect(own.status == 200)
            let asked = try await wire.request(
                "OPTIONS", target,
                headers: ["Origin": "https://ok.example", "Access-Control-Request-Method": "POST"])
            #expect(asked.status == 204)
            #expect(asked.headers["access-control-allow-methods"] == "GET, HEAD, POST")
        }
    }
}
