import Hummingbird
import Ingest
import Logging
import SocketIO

/// `GET /api/files?state=&q=&cursor=`, `POST /api/files/{id}/retry` and `POST /api/files/retry`.
///
/// Who may post was decided before; what a token does not cover is not there.
struct FileRoutes: Sendable {
    let catalog: any FileCatalog
    let pipelines: [Pipeline]
    let access: AccessControl
    let logger: Logger

    func add(to router: Router<BasicRequestContext>) {
        router.get("api/files") { request, _ in
            await self.list(FormQuery(request.uri.query), self.access.grant(of: request))
        }
        router.post("api/files/retry") { request, _ in
            await self.retryAll(FormQuery(request.uri.query), self.access.grant(of: request))
        }
        router.post("api/files/:id/retry") { request, context in
            await self.retry(context.pathID, FormQuery(request.uri.query), self.access.grant(of: request))
        }
    }

    private func list(_ parameters: FormQuery, _ grant: Grant) async -> Response {
        var query = FileQuery(text: parameters["q"], fileID: parameters["id"], path: parameters["path"])
        do throws(Refusal) {
            let page = try PageParameters<FileQuery.State>(parameters, defaultLimit: query.limit)
            (query.state, query.after, query.limit) = (page.state, page.after, page.limit)
        } catch {
            return error.response
        }
        guard let pipelines = grant.selection(parameters["pipeline"], of: self.pipelines) else {
            return .noSuchPipeline
        }
        query.pipeline = parameters["pipeline"].map { PipelineID($0) }
        // The ledger may also know of pipelines that are no longer configured.
        query.pipelines = Set(pipelines)
        let page = query
        return await self.answer { try await self.catalog.page(page) }
    }

    private func retryAll(_ parameters: FormQuery, _ grant: Grant) async -> Response {
        guard let pipelines = grant.selection(parameters["pipeline"], of: self.pipelines) else {
            return .noSuchPipeline
        }
        return await self.answer {
            var count = 0
            var files: [JSONValue] = []
            for pipeline in pipelines {
                let answer = try await self.catalog.retry(.deadLetters(pipeline))
                count += answer["retried"]?.int ?? 0
                files += answer["files"]?.array ?? []
            }
            return ["retried": .int(count), "files": .array(Array(files.prefix(100)))]
        }
    }

    private func retry(_ id: String, _ parameters: FormQuery, _ grant: Grant) async -> Response {
        guard let pipelines = grant.selection(parameters["pipeline"], of: self.pipelines) else {
            return .noSuchPipeline
        }
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
}
