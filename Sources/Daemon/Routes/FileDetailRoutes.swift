import Hummingbird
import Ingest
import Logging
import SocketIO

/// `GET /api/files/{id}?pipeline=` and `GET /api/files/{id}/chunks?pipeline=&cursor=&limit=`.
struct FileDetailRoutes: Sendable {
    /// Passages of a page.
    private static let limits = 1...200

    let store: any Store
    let pipelines: [Pipeline]
    let access: AccessControl
    let logger: Logger

    func add(to router: Router<BasicRequestContext>) {
        router.get("api/files/:id") { request, context in
            await self.withFile(request, context) { entry, _ in
                .json(.object(Wire.file(entry, history: try await self.store.history(of: entry.document.id))))
            }
        }
        router.get("api/files/:id/chunks") { request, context in
            await self.withFile(request, context) { entry, parameters in
                try await self.chunks(of: entry.document.id, parameters)
            }
        }
    }

    private func withFile(
        _ request: Request, _ context: BasicRequestContext,
        _ body: (LedgerEntry, FormQuery) async throws -> Response
    ) async -> Response {
        let parameters = FormQuery(request.uri.query)
        let grant = self.access.grant(of: request)
        guard let pipelines = grant.selection(parameters["pipeline"], of: self.pipelines) else {
            return .noSuchPipeline
        }
        do {
            for pipeline in pipelines {
                let entry = try await self.store.entry(for: DocumentID(pipeline: pipeline, file: context.pathID))
                if let entry { return try await body(entry, parameters) }
            }
            return .problem(.notFound, detail: "no such file; 'GET /api/files' lists them")
        } catch {
            self.logger.error("A file could not be read from the database.", metadata: ["error": "\(error)"])
            return .problem(.internalServerError, detail: "the database refused; the log of the daemon says why")
        }
    }

    private func chunks(of id: DocumentID, _ parameters: FormQuery) async throws -> Response {
        guard let limit = parameters.number("limit", in: Self.limits, default: 50) else {
            return .outOfRange("limit", Self.limits)
        }
        let first = parameters["cursor"].map { Int($0) } ?? 0
        guard let first, (0..<Int.max).contains(first) else {
            return .problem(.badRequest, detail: "'cursor' must be the 'next_cursor' of an answer")
        }
        let found = try await self.store.chunks(of: id, from: first, limit: limit + 1)
        let next = found.count > limit ? found[limit].index : nil
        return .json([
            "chunks": .array(found.prefix(limit).map(Wire.chunk)),
            "next_cursor": next.map { .string(String($0)) } ?? .null,
        ])
    }
}
