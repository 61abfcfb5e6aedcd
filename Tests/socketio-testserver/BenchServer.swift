import ArgumentParser
import EngineIO
import SocketIO
import Web

/// What `make bench` measures.
struct BenchServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Default times, namespace /bench: echoes, broadcasts and bursts."
    )

    /// A burst larger than this is a mistake of the load generator's.
    private static let burstLimit = 1_000_000

    @Option(help: "The port to listen on; 0 lets the system choose.")
    var port: Int

    func run() async throws {
        let logger = Program.logger
        let bench = SocketNamespace("/bench", event: { socket, event in Self.handle(event, of: socket) })
        let sockets = SocketServer(
            namespaces: [bench],
            // No event may be dropped, however slowly a client reads.
            configuration: SocketConfiguration(
                session: SessionLimits(maxWaitingBytes: 1 << 30, maxWaitingPackets: 1 << 24), allowedOrigins: .all),
            logger: logger
        )
        try await Program.serve(sockets, configuration: WebConfiguration(port: self.port), logger: logger)
    }

    private static func handle(_ event: SocketEvent, of socket: Socket) {
        switch event.name {
        case "echo":
            event.acknowledgement?.answer(EventPayload(arguments: event.arguments))
        case "bcast":
            socket.server.emit("b", EventPayload(arguments: event.arguments), namespace: socket.namespace)
        case "burst":
            let count = min(max(event.arguments.first?["count"]?.int ?? 0, 0), Self.burstLimit)
            let size = min(max(event.arguments.first?["size"]?.int ?? 0, 0), Self.burstLimit)
            let text = JSONValue.string(String(repeating: "x", count: size))
            for index in 0..<count {
                let payload = EventPayload(arguments: [.int(index), text])
                socket.server.emit("b", payload, namespace: socket.namespace)
            }
            event.acknowledgement?.answer(EventPayload(.int(count)))
        default:
            break
        }
    }
}
