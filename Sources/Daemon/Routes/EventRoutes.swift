import Hummingbird
import Ingest
import SocketIO

/// `GET /api/events?since=&limit=&pipeline=&file=`: the recent event log.
struct EventRoutes: Sendable {
    /// How many events one answer may have.
    private static let limits = 1...1_000

    let log: EventLog
    let access: AccessControl
    let pipelines: [Pipeline]

    func add(to router: Router<BasicRequestContext>) {
        router.get("api/events") { request, _ in
            self.answer(FormQuery(request.uri.query), self.access.grant(of: request))
        }
    }

    private func answer(_ parameters: FormQuery, _ grant: Grant) -> Response {
        let limit = parameters["limit"].map { Int($0) } ?? 100
        guard let limit, Self.limits.contains(limit) else {
            return .problem(
                .badRequest, detail: "'limit' must be \(Self.limits.lowerBound) to \(Self.limits.upperBound)"
            )
        }
        let wanted = parameters["pipeline"].map { PipelineID($0) }
        if let wanted, !grant.covers(wanted) || !self.pipelines.contains(where: { $0.id == wanted }) {
            return .noSuchPipeline
        }
        let file = parameters["file"].flatMap { $0.isEmpty ? nil : $0 }
        let page = self.log.page(after: parameters["since"], limit: limit) { entry in
            guard grant.covers(entry.pipeline), wanted ?? entry.pipeline == entry.pipeline else { return false }
            return file == nil || entry.event.payload["file"]?["id"]?.string == file
        }
        guard let page else {
            return .problem(.badRequest, detail: "'since' must be the 'next' of an earlier answer")
        }
        return .json([
            "events": .array(
                page.entries.map { ["event": .string($0.event.name), "payload": .object($0.event.payload)] }
            ),
            "next": .string(page.next),
            "incomplete": .bool(page.isIncomplete),
        ])
    }
}
