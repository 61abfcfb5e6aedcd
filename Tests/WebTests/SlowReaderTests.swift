import EngineIO
import Foundation
import NIOCore
import SocketIO
import Testing
import Web

/// Clients that do not take what they asked for.
@Suite("Slow readers")
struct SlowReaderTests {
    /// More than all the buffers between server and client hold.
    private static let size = 20_000_000

    /// A server with one large file, and a client that hears a ping every 300 ms, which is its clock.
    private static func withFile(
        idleTimeout: Duration,
        _ test: @escaping @Sendable (TestServer, _ clock: Wire) async throws -> Void
    ) async throws {
        let files = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: files) }
        try Data(count: Self.size).write(to: files.appendingPathComponent("large.bin"))
        let session = SessionLimits(pingInterval: .milliseconds(300), pingTimeout: .seconds(60))
        let sockets = SocketConfiguration(session: session, connectTimeout: .seconds(600))
        let web = WebConfiguration(port: 0, filesDirectory: files.path, idleTimeout: idleTimeout)
        try await TestServer.run(configuration: sockets, web: web, threads: 1) { server in
            let clock = try await server.connect()
            _ = try await clock.upgrade()
            _ = try await clock.text()
            try await test(server, clock)
        }
    }

    private static func wait(pings: Int, on clock: Wire) async throws {
        for _ in 0..<pings {
            #expect(try await clock.text() == "2")
            clock.sendText("3")
        }
    }

    @Test func clientThatDoesNotTakeItsAnswerIsCutOff() async throws {
        try await Self.withFile(idleTimeout: .milliseconds(600)) { server, clock in
            let wire = try await server.connect(reads: false)
            wire.sendRequest("GET", "/large.bin")
            // Three times as long as the server's patience, of which the first is spent while its buffers fill.
            try await Self.wait(pings: 9, on: clock)
            wire.startReading()
            try await wire.waitUntilClosed()
            #expect(wire.receivedBytes < Self.size)
        }
    }

    /// A little now and then is not taking it.
    @Test func clientThatTakesItsAnswerInDropsIsCutOff() async throws {
        try await Self.withFile(idleTimeout: .milliseconds(900)) { server, clock in
            let wire = try await server.connect(reads: false)
            wire.sendRequest("GET", "/large.bin")
            for _ in 0..<12 {
                try await wire.readSome(atLeast: 1)
                try await Self.wait(pings: 1, on: clock)
            }
            wire.startReading()
            try await wire.waitUntilClosed()
            #expect(wire.receivedBytes < Self.size)
        }
    }
}
