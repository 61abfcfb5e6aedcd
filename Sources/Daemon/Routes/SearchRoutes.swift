import Hummingbird
import Ingest
import Logging
import SocketIO

/// `GET /api/search?q=&k=&pipeline=&type=&path=`.
struct SearchRoutes: Sendable {
    let search: SearchService
    let pipelines: [Pipeline]
    let access: AccessControl
    let logger: Logger

    func add(to router: Router<BasicRequestContext>) {
        router.get("api/search") { request, _ in
            await self.answer(FormQuery(request.uri.query), self.access.grant(of: request))
        }
    }

    private func answer(_ parameters: FormQuery, _ grant: Grant) async -> Response {
        guard let query = parameters["q"], query.contains(where: { !$0.isWhitespace }) else {
            return .problem(.badRequest, detail: "give what to search for as 'q'")
        }
        guard query.utf8.count <= SearchService.maxQueryBytes else {
            return .problem(.badRequest, detail: "'q' is longer than \(SearchService.maxQueryBytes) bytes; shorten it")
        }
        let limits = SearchService.limits
        guard let limit = parameters.number("k", in: limits, default: 10) else { return .outOfRange("k", limits) }
        guard let selected = grant.selection(parameters["pipeline"], of: self.pipelines) else { return .noSuchPipeline }
        let type = parameters["type"]
        guard type.map({ $0.utf8.count <= 127 }) ?? true else {
            return .problem(.badRequest, detail: "'type' must be a media type such as 'application/pdf' or 'text'")
        }
        let path = parameters["path"]
        guard path.map({ $0.utf8.count <= 4_096 }) ?? true else {
            return .problem(.badRequest, detail: "'path' is longer than any path; give what paths begin with")
        }
        let filter = SearchFilter(pipelines: Set(selected), mediaType: type, path: path)
        let start = ContinuousClock.now
        do {
            let answer = try await self.search.search(query, limit: limit, filter: filter)
            return .json(Wire.answer(to: query, answer, duration: ContinuousClock.now - start))
        } catch {
            self.logger.error("A search failed.", metadata: ["error": "\(error)"])
            return .problem(.internalServerError, detail: "the search failed; the log of the daemon says why")
        }
    }
}
