import ArgumentParser
import EngineIO
import SocketIO
import Web

/// What the protocols' published test suites expect to talk to.
struct ConformanceServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformance",
        abstract: "Short heartbeats, echoes of everything: for the published protocol suites."
    )

    @Option(help: "The port to listen on; 0 lets the system choose.")
    var port: Int

    func run() async throws {
        let logger = Program.logger
        let sockets = SocketServer(
            namespaces: [Self.main, Self.custom], configuration: Self.configuration(path: "/socket.io/"), logger: logger)
        let engine = SocketServer(
            receiver: MessageReceiver { client, message in client.send(message) },
            configuration: Self.configuration(path: "/engine.io/"),
            logger: logger
        )
        try await Program.serve(sockets, others: [engine], port: self.port, logger: logger)
    }

    private static func configuration(path: String) -> SocketConfiguration {
        SocketConfiguration(
            path: path,
            session: SessionLimits(
                pingInterval: .milliseconds(300), pingTimeout: .milliseconds(200), maxPayload: 1_000_000),
            connectTimeout: .milliseconds(1_000),
            allowedOrigins: .all,
            allowsVersion3: true
        )
    }

    /// Tells a client what it came with.
    private static func welcome(_ socket: Socket, _ request: ConnectRequest) {
        socket.emit("auth", EventPayload(request.auth ?? .object([:])))
    }

    private static let main = SocketNamespace(
        "/",
        connected: { socket, request in Self.welcome(socket, request) },
        event: { socket, event in
            switch event.name {
            case "message":
                socket.emit("message-back", EventPayload(arguments: event.arguments))
            case "message-with-ack":
                event.acknowledgement?.answer(EventPayload(arguments: event.arguments))
            default:
                break
            }
        }
    )

    private static let custom = SocketNamespace(
        "/custom", connected: { socket, request in Self.welcome(socket, request) })
}
