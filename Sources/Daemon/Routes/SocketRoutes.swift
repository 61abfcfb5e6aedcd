import EngineIO
import Hummingbird
import Ingest
import SocketIO
import Web

/// `GET /api/socket/info`: what a Socket.IO client has to know, and how many there are.
struct SocketRoutes: Sendable {
    let sockets: SocketServer
    let configuration: SocketConfiguration
    /// What stands before every path, as clients see them.
    let basePath: String

    func add(to router: Router<BasicRequestContext>) {
        router.get("api/socket/info") { _, _ in Response.json(await self.info()) }
    }

    private func info() async -> JSONValue {
        let metrics = await self.sockets.metrics
        let session = self.configuration.session
        let names = ["/", Namespaces.allPipelines] + PipelineType.allCases.map { "/\($0.rawValue)" }
        return [
            "path": .string(self.basePath + self.configuration.path),
            "protocols": ["engine.io": self.configuration.allowsVersion3 ? [3, 4] : [4], "socket.io": [5]],
            "transports": ["polling", "websocket"],
            "ping_interval": Wire.seconds(session.pingInterval),
            "ping_timeout": Wire.seconds(session.pingTimeout),
            "max_payload": .int(session.maxPayload),
            "recovery": Wire.seconds(self.configuration.recovery.map { $0.maxDisconnection / .seconds(1) }),
            "connected_clients": [
                "polling": .int(metrics.pollingSessions), "websocket": .int(metrics.webSocketSessions),
            ],
            "namespaces": .array(
                names.map { ["name": .string($0), "sockets": .int(metrics.sockets[$0] ?? 0)] }
            ),
        ]
    }
}
