import EngineIO
import Foundation
import Logging
import NIOCore
import NIOPosix
import SocketIO
import Testing
import Web

@Suite("The web server")
struct WebServerTests {
    private static func withFiles(_ test: (String) async throws -> Void) async throws {
        let parent = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        let files = parent.appendingPathComponent("files")
        try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: parent) }
        try Data("<p>page</p>".utf8).write(to: files.appendingPathComponent("index.html"))
        try Data("let x = 1".utf8).write(to: files.appendingPathComponent("app.js"))
        try Data("hidden".utf8).write(to: files.appendingPathComponent(".secret"))
        try Data("outside".utf8).write(to: parent.appendingPathComponent("outside.txt"))
        try await test(files.path)
    }

    private static func web(_ files: String?) -> WebConfiguration {
        WebConfiguration(
            port: 0, filesDirectory: files,
            fileHeaders: [("Content-Security-Policy", "default-src 'self'"), ("X-Content-Type-Options", "nosniff")],
            allowedOrigins: .list(["https://ok.example"]))
    }

    @Test func filesAreServedWithTheirHeaders() async throws {
        try await Self.withFiles { files in
            try await TestServer.run(web: Self.web(files)) { server in
                let wire = try await server.connect()
                let page = try await wire.request("GET", "/")
                #expect(page.status == 200)
                #expect(page.body == "<p>page</p>")
                #expect(page.headers["content-type"] == "text/html; charset=utf-8")
                #expect(page.headers["content-security-policy"] == "default-src 'self'")
                #expect(page.headers["x-content-type-options"] == "nosniff")
                #expect(page.headers["cache-control"] == "no-cache")

                let head = try await wire.request("HEAD", "/app.js")
                #expect(head.status == 200)
                #expect(head.headers["content-length"] == "9")
                #expect(head.headers["content-type"]?.hasPrefix("text/javascript") == true)

                let tag = try #require(page.headers["etag"])
                #expect(try await wire.request("GET", "/", headers: ["If-None-Match": tag]).status == 304)
                #expect(try await wire.request("GET", "/app.js", headers: ["Range": "bytes=99-"]).status == 200)
            }
        }
    }

    @Test(arguments: [
        "/../outside.txt", "/%2e%2e/outside.txt", "/..%2foutside.txt", "/.secret", "/%2Esecret", "/app.js%00.html",
        "/missing", "/%zz", "/..\\outside.txt", "//../outside.txt",
    ])
    func nothingElseIsServed(_ path: String) async throws {
        try await Self.withFiles { files in
            try await TestServer.run(web: Self.web(files)) { server in
                let answer = try await server.connect().request("GET", path)
                #expect(answer.status == 404 || answer.status == 400)
                #expect(!answer.body.contains("outside"))
                #expect(!answer.body.contains("hidden"))
            }
        }
    }

    @Test func routesWinOverFilesAndAnswerListedOrigins() async throws {
        try await Self.withFiles { files in
            try await TestServer.run(web: Self.web(files)) { server in
                let wire = try await server.connect()
                let answer = try await wire.request("GET", "/hello", headers: ["Origin": "https://ok.example"])
                #expect(answer.body == "hello")
                #expect(answer.headers["access-control-allow-origin"] == "https://ok.example")
                let other = try await wire.request("GET", "/hello", headers: ["Origin": "https://evil.example"])
                #expect(other.headers["access-control-allow-origin"] == nil)
            }
        }
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        try await TestServer.run(web: Self.web(nil)) { server in
            let wire = try await server.connect()
            for target in ["/hello", "/socket.io/?EIO=4&transport=polling", "/hello", "/socket.io/?x"] {
                wire.sendRequest("GET", target)
            }
            #expect(try await wire.answer().body == "hello")
            #expect(try await wire.answer().body.hasPrefix("0{"))
            #expect(try await wire.answer().body == "hello")
            #expect(try await wire.answer().body.hasPrefix(#"{"code":0"#))
        }
    }

    @Test func takenPortIsAClearError() async throws {
        try await TestServer.run { server in
            let second = WebServer(
                configuration: WebConfiguration(port: server.port), sockets: server.sockets,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let expected = WebServerError.portInUse(host: "127.0.0.1", port: server.port)
            await #expect(throws: expected) { try await second.run() }
            #expect(expected.description.contains("another program already does"))
        }
    }

    @Test func stopTellsEveryClient() async throws {
        try await TestServer.run { server in
            let webSocket = try await server.openWebSocket()
            let sid = try await server.openPolling()
            let target = "/socket.io/?EIO=4&transport=polling&sid=\(sid)"
            let polling = try await server.connect()
            _ = try await polling.request("POST", target, body: "40")
            _ = try await polling.request("GET", target)
            polling.sendRequest("GET", target)
            let idle = try await server.connect()
            _ = try await idle.request("GET", "/hello")

            server.sockets.emit("bye", namespace: "/")
            async let stopped: Void = server.stop()
            #expect(try await webSocket.text() == #"42["bye"]"#)
            #expect(try await webSocket.frame() == .close(1001))
            #expect(try await polling.answer().body == #"42["bye"]"#)
            #expect(try await polling.request("GET", target).body == "1")
            webSocket.close()
            try await idle.waitUntilClosed()
            await stopped
        }
    }

    @Test func clientInTheMiddleOfItsUpgradeHoldsNoStopUp() async throws {
        // One event loop closes both sessions in one go; waiting for a poll that never comes would take hours.
        var configuration = SocketConfiguration(session: SessionLimits(closeTimeout: .seconds(9_000)))
        configuration.shutdownGrace = .seconds(9_000)
        try await TestServer.run(configuration: configuration, threads: 1) { server in
            let other = try await server.openWebSocket()
            let sid = try await server.openPolling()
            let target = "/socket.io/?EIO=4&transport=polling&sid=\(sid)"
            let (polling, wire) = (try await server.connect(), try await server.connect())
            _ = try await polling.request("POST", target, body: "40")
            _ = try await polling.request("GET", target)
            _ = try await wire.upgrade("&sid=\(sid)")
            wire.sendText("2probe")
            #expect(try await wire.text() == "3probe")

            server.sockets.emit("bye", namespace: "/")
            async let stopped: Void = server.stop()
            #expect(try await other.text() == #"42["bye"]"#)
            #expect(try await other.frame() == .close(1001))
            wire.sendText("5")
            #expect(try await wire.text() == #"42["bye"]"#)
            #expect(try await wire.frame() == .close(1001))
            other.close()
            wire.close()
            await stopped
        }
    }
}
