import Hummingbird
import Ingest
import Logging
import SocketIO

/// `GET /api/files?state=&q=&cursor=`, `POST /api/files/{id}/retry` and `POST /api/files/retry`.
///
/// Who may post is decided by the web server, which knows the connection.
struct FileRoutes: Sendable {
    /// Files of a page.
    private static let limits = 1...1_000

    let catalog: any FileCatalog
    let pipelines: [Pipeline]
    let logger: Logger

    func add(to router: Router<BasicRequestContext>) {
        router.get("api/files") { request, _ in await self.list(FormQuery(request.uri.query)) }
        router.post("api/files/retry") { request, _ in await self.retryAll(FormQuery(request.uri.query)) }
        router.post("api/files/{id}/retry") { request, context in
            await self.retry(context.parameters.get("id") ?? "", FormQuery(request.uri.query))
        }
    }

    private func list(_ parameters: FormQuery) async -> Response {
        var query = FileQuery(text: parameters["q"], fileID: parameters["id"], path: parameters["path"])
        if let name = parameters["state"] {
            guard let state = FileQuery.State(rawValue: name) else {
                let names = FileQuery.State.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
                return .problem(.badRequest, detail: "'state' must be one of \(names)")
            }
            query.state = state
        }
        if let cursor = parameters["cursor"] {
            guard let after = Int64(cursor), after >= 0 else {
                return .problem(.badRequest, detail: "'cursor' must be the 'next_cursor' of an answer")
            }
            query.after = after
        }
        if let text = parameters["limit"] {
            guard let limit = Int(text), Self.limits.contains(limit) else {
                return .problem(
                    .badRequest, detail: "'limit' must be \(Self.limits.lowerBound) to \(Self.limits.upperBound)")
            }
            query.limit = limit
        }
        guard self.knows(parameters["pipeline"]) else { return Self.unknownPipeline }
        query.pipeline = parameters["pipeline"].map { PipelineID($0) }
        let page = query
        return await self.answer { try await self.catalog.page(page) }
    }

    private func retryAll(_ parameters: FormQuery) async -> Response {
        guard self.knows(parameters["pipeline"]) else { return Self.unknownPipeline }
        let pipeline = parameters["pipeline"].map { PipelineID($0) }
        return await self.answer { try await self.catalog.retry(.deadLetters(pipeline)) }
    }

    private func retry(_ id: String, _ parameters: FormQuery) async -> Response {
        guard self.knows(parameters["pipeline"]) else { return Self.unknownPipeline }
        let wanted = parameters["pipeline"].map { PipelineID($0) }
        let pipelines = self.pipelines.map(\.id).filter { wanted == nil || $0 == wanted }
        do {
            var known = false
            for pipeline in pipelines {
                let page = try await self.catalog.page(FileQuery(pipeline: pipeline, fileID: id, limit: 1))
                guard page["files"]?.array?.isEmpty == false else { continue }
                known = true
                let answer = try await self.catalog.retry(.file(DocumentID(pipeline: pipeline, file: id)))
                if answer["retried"]?.int != 0 { return .json(answer) }
            }
            return known
                ? .problem(.conflict, detail: "this file has not failed; there is nothing to try again")
                : .problem(.notFound, detail: "no such file; 'GET /api/files' lists them")
        } catch {
            return self.failure(error)
        }
    }

    private func knows(_ pipeline: String?) -> Bool {
        pipeline == nil || self.pipelines.contains { $0.id.rawValue == pipeline }
    }

    private func answer(_ body: () async throws -> JSONValue) async -> Response {
        do {
            return .json(try await body())
        } catch {
            return self.failure(error)
        }
    }

    private func failure(_ error: any Error) -> Response {
        self.logger.error("Files could not be listed or tried again.", metadata: ["error": "\(error)"])
        return .problem(.internalServerError, detail: "the database refused; the log of the daemon says why")
    }

    private static var unknownPipeline: Response {
        .problem(.notFound, detail: "no such pipeline; 'GET /status' names them all")
    }
}
