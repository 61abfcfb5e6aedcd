import Hummingbird
import Ingest
import Logging
import SocketIO

/// `GET /api/search?q=&k=&pipeline=`.
struct SearchRoutes: Sendable {
    let search: SearchService
    let pipelines: [Pipeline]
    let logger: Logger

    func add(to router: Router<BasicRequestContext>) {
        router.get("api/search") { request, _ in await self.answer(FormQuery(request.uri.query)) }
        router.get("api/**") { _, _ in Response.problem(.notFound, detail: "no such path; '/api/search' is one") }
    }

    private func answer(_ parameters: FormQuery) async -> Response {
        guard let query = parameters["q"], query.contains(where: { !$0.isWhitespace }) else {
            return .problem(.badRequest, detail: "give what to search for as 'q'")
        }
        guard query.utf8.count <= SearchService.maxQueryBytes else {
            return .problem(.badRequest, detail: "'q' is longer than \(SearchService.maxQueryBytes) bytes; shorten it")
        }
        let limits = SearchService.limits
        let limit = parameters["k"].map { Int($0) } ?? 10
        guard let limit, limits.contains(limit) else {
            return .problem(.badRequest, detail: "'k' must be \(limits.lowerBound) to \(limits.upperBound)")
        }
        let pipeline = parameters["pipeline"].map { PipelineID($0) }
        guard pipeline == nil || self.pipelines.contains(where: { $0.id == pipeline }) else {
            return .problem(.notFound, detail: "no such pipeline; 'GET /status' names them all")
        }
        let start = ContinuousClock.now
        do {
            let hits = try await self.search.search(query, limit: limit, pipeline: pipeline)
            return .json(Wire.answer(to: query, hits: hits, duration: ContinuousClock.now - start))
        } catch {
            self.logger.error("A search failed.", metadata: ["error": "\(error)"])
            return .problem(.internalServerError, detail: "the search failed; the log of the daemon says why")
        }
    }
}
