import EngineIO
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import SocketIO
import Web

/// A whole server on a port of its own, for the length of one test.
struct TestServer: Sendable {
    /// Never shut down: a server that has ended may still have a word to say on its loops.
    private static let oneLoop = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private static let severalLoops = MultiThreadedEventLoopGroup(numberOfThreads: 3)

    let port: Int
    let sockets: SocketServer
    /// Begins the graceful shutdown.
    let stop: @Sendable () async -> Void

    /// Runs a test against a server, then stops it and waits for its end.
    static func run(
        namespaces: [SocketNamespace] = [SocketNamespace("/")],
        configuration: SocketConfiguration = SocketConfiguration(),
        web: WebConfiguration = WebConfiguration(port: 0),
        threads: Int = 3,
        recovered: [UInt8]? = nil,
        _ test: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        let group = threads == 1 ? Self.oneLoop : Self.severalLoops
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let sockets = SocketServer(
            namespaces: namespaces, configuration: configuration, group: group, logger: logger)
        if let recovered { try sockets.restoreRecovery(from: recovered) }
        let router = Router()
        router.get("hello") { _, _ in "hello" }
        router.post("echo") { request, _ in String(buffer: try await request.body.collect(upTo: 1_000)) }
        let (ports, port) = AsyncStream<Int>.makeStream()
        let server = WebServer(configuration: web, sockets: sockets, router: router, logger: logger) {
            port.yield($0)
            port.finish()
        }
        let services = ServiceGroup(services: [server], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { port.finish() }
                try await services.run()
            }
            if let port = await ports.first(where: { _ in true }) {
                try await test(
                    TestServer(port: port, sockets: sockets) {
                        await sockets.shutdown()
                        await services.triggerGracefulShutdown()
                    })
            }
            await services.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// Opens a connection.
    func connect(reads: Bool = true) async throws -> Wire { try await Wire.connect(port: self.port, reads: reads) }

    /// Opens a polling session; its sid.
    func openPolling() async throws -> String {
        let wire = try await self.connect()
        defer { wire.close() }
        let answer = try await wire.request("GET", "/socket.io/?EIO=4&transport=polling")
        return String(answer.body.dropFirst(#"0{"sid":""#.count).prefix(22))
    }

    /// Opens a WebSocket session in the main namespace.
    func openWebSocket() async throws -> Wire {
        let wire = try await self.connect()
        _ = try await wire.upgrade()
        _ = try await wire.text()
        wire.sendText("40")
        _ = try await wire.text()
        return wire
    }

    /// Waits until the counters say so.
    func until(_ condition: @Sendable (SocketMetrics) -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while await !condition(self.sockets.metrics) {
            guard ContinuousClock.now < deadline else {
                throw Wire.TimedOut(what: "the counters", received: "\(await self.sockets.metrics)")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
