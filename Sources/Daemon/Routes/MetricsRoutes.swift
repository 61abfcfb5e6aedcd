import FoundationEssentials
import Hummingbird
import Web

/// `GET /metrics`, for Prometheus and whatever reads its text format.
struct MetricsRoutes: Sendable {
    let live: LiveStatus
    let sockets: SocketServer
    let tally: EventTally
    let access: AccessControl
    let startedAt: Date

    func add(to router: Router<BasicRequestContext>) {
        router.get("metrics") { request, _ -> Response in
            // The numbers are of all pipelines together.
            guard self.access.grant(of: request).pipelines == nil else {
                return .problem(.forbidden, detail: "this token does not cover all pipelines")
            }
            return await self.answer()
        }
    }

    private func answer() async -> Response {
        let families =
            MetricFamily.process(startedAt: self.startedAt, residentBytes: ProcessMemory.residentBytes())
            + MetricFamily.pipelines(self.live.statuses)
            + MetricFamily.events(self.tally.counts)
            + MetricFamily.sockets(await self.sockets.metrics)
        return Response(
            status: .ok,
            headers: [
                .contentType: MetricsText.mediaType, .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: MetricsText.encode(families)))
        )
    }
}
