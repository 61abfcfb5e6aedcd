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
        guard let limit = parameters.number("limit", in: Self.limits, default: 100) else {
            return .outOfRange("limit", Self.limits)
        }
        guard let pipelines = grant.selection(parameters["pipeline"], of: self.pipelines) else {
            return .noSuchPipeline
        }
        let file = parameters["file"]
        let page = self.log.page(after: parameters["since"], limit: limit) { entry in
            guard pipelines.contains(entry.pipeline) else { return false }
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
