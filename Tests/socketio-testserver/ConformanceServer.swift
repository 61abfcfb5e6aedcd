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

    @Option(help: "From a pong to the next ping, in milliseconds.")
    var pingInterval = 300

    @Option(help: "How long a client may take to answer a ping, in milliseconds.")
    var pingTimeout = 200

    @Option(help: "Which pages of other origins may connect: 'all', or 'none', which also checks 'Host'.")
    var origins: Origins = .all

    @Option(help: "Sessions in all.")
    var maxConnections = 10_000

    @Option(help: "Sessions of one address.")
    var maxConnectionsPerAddress = 10_000

    @Option(help: "Messages of one client a second, and at once; unlimited if left out.")
    var maxPacketsPerSecond: Int?

    @Option(help: "How long a client may take to come back, in seconds; it cannot if left out.")
    var recovery: Int?

    /// The values of `--origins`.
    enum Origins: String, ExpressibleByArgument {
        case all
        case none
    }

    func run() async throws {
        let logger = Program.logger
        let sockets = SocketServer(
            namespaces: [Self.main, Self.custom],
            configuration: self.configuration(path: "/socket.io/"),
            logger: logger
        )
        let engine = SocketServer(
            receiver: MessageReceiver { client, message in client.send(message) },
            configuration: self.configuration(path: "/engine.io/"),
            logger: logger
        )
        try await Program.serve(
            sockets,
            others: [engine],
            configuration: WebConfiguration(
                port: self.port,
                allowedOrigins: .all,
                allowedHosts: self.origins == .all ? .any : .loopback,
                requestTimeout: .seconds(2),
                idleTimeout: .seconds(5)
            ),
            logger: logger
        )
    }

    private func configuration(path: String) -> SocketConfiguration {
        SocketConfiguration(
            path: path,
            session: SessionLimits(
                pingInterval: .milliseconds(self.pingInterval),
                pingTimeout: .milliseconds(self.pingTimeout),
                maxPayload: 1_000_000
            ),
            connectTimeout: .milliseconds(1_000),
            allowedOrigins: self.origins == .all ? .all : .none,
            allowsVersion3: true,
            recovery: self.recovery.map { RecoveryLimits(maxDisconnection: .seconds($0)) },
            packetRate: self.maxPacketsPerSecond.map { RateLimit(perSecond: $0, burst: $0) },
            connections: ConnectionLimits(
                total: self.maxConnections, perAddress: self.maxConnectionsPerAddress)
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
