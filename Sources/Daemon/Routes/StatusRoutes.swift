import FoundationEssentials
import Hummingbird
import Ingest
import SocketIO
import Web

/// `GET /status` and `GET /health` with its parts: pure functions of the status that clients were told.
struct StatusRoutes: Sendable {
    let live: LiveStatus
    let sockets: SocketServer
    let store: any Store
    let access: AccessControl

    func add(to router: Router<BasicRequestContext>) {
        router.get("status") { request, _ in
            self.status(of: FormQuery(request.uri.query)["pipeline_id"], self.access.grant(of: request))
        }
        router.get("health") { request, _ in await self.health(self.access.grant(of: request)) }
        router.get("health/live") { _, _ in Response.json(["status": "alive"]) }
        router.get("health/ready") { _, _ -> Response in
            let isReady = await self.isStoreUsable
            return .json(
                ["status": isReady ? "ready" : "not ready"], status: isReady ? .ok : .serviceUnavailable
            )
        }
    }

    private func status(of id: String?, _ grant: Grant) -> Response {
        let now = Date()
        let statuses = self.live.statuses.filter { grant.covers($0.pipeline.id) }
        if let id {
            guard let status = statuses.first(where: { $0.pipeline.id.rawValue == id }) else {
                return .problem(.notFound, detail: "no such pipeline; 'GET /status' names them all")
            }
            return .json(.object(Wire.status(status, now: now)))
        }
        guard let first = statuses.first else { return .problem(.notFound, detail: "no pipeline is configured") }
        var body = Wire.status(first, now: now)
        if statuses.count > 1 { body["pipelines"] = .array(statuses.map { .object(Wire.status($0, now: now)) }) }
        return .json(.object(body))
    }

    /// 503 when nothing can be stored or found; a pipeline in trouble is `degraded`, as all else still works.
    private func health(_ grant: Grant) async -> Response {
        let statuses = self.live.statuses.filter { grant.covers($0.pipeline.id) }
        let isStoreUsable = await self.isStoreUsable
        let isDegraded = statuses.contains { $0.state == .error }
        let metrics = await self.sockets.metrics
        let body: JSONValue = .object([
            "status": .string(isStoreUsable ? (isDegraded ? "degraded" : "healthy") : "unhealthy"),
            "http_server": .string("running"),
            "websocket_server": .string("running"),
            "connected_clients": .int(metrics.pollingSessions + metrics.webSocketSessions),
            "store": .string(isStoreUsable ? "ok" : "unavailable"),
            "pipelines": .array(
                statuses.map { status in
                    .object([
                        "pipeline_id": .string(status.pipeline.id.rawValue),
                        "pipeline_type": .string(status.pipeline.type.rawValue),
                        "status": .string(status.state.rawValue),
                        "problem": Wire.string(status.notice),
                    ])
                }
            ),
        ])
        return .json(body, status: isStoreUsable ? .ok : .serviceUnavailable)
    }

    private var isStoreUsable: Bool {
        get async {
            do {
                for status in self.live.statuses { _ = try await self.store.totals(of: status.pipeline.id) }
                return true
            } catch {
                return false
            }
        }
    }
}
