import Hummingbird
import Ingest
import Logging
import SocketIO

/// `GET /api/deletions?state=&limit=&cursor=`, `POST /api/deletions/confirm` and `/discard`.
///
/// Who may post was decided before; what a token does not cover is not there.
struct DeletionRoutes: Sendable {
    /// The largest request body, in bytes.
    private static let bodyLimit = 4_096

    let review: DeletionReview
    let pipelines: [Pipeline]
    let access: AccessControl
    let logger: Logger

    func add(to router: Router<BasicRequestContext>) {
        router.get("api/deletions") { request, _ in
            let grant = self.access.grant(of: request)
            return await self.answer { try await self.list(FormQuery(request.uri.query), grant) }
        }
        router.post("api/deletions/confirm") { request, _ in
            await self.decide(request) { try await self.confirm($0, $1) }
        }
        router.post("api/deletions/discard") { request, _ in
            await self.decide(request) { try await self.discard($0, $1) }
        }
    }

    private func list(_ parameters: FormQuery, _ grant: Grant) async throws -> Response {
        guard let chosen = grant.selection(parameters["pipeline"], of: self.pipelines) else { return .noSuchPipeline }
        var query = HeldDeletionQuery(pipelines: Set(chosen))
        do throws(Refusal) {
            let page = try PageParameters<HeldDeletion.State>(parameters, defaultLimit: query.limit)
            (query.state, query.after, query.limit) = (page.state, page.after, page.limit)
        } catch {
            return error.response
        }
        return .json(Wire.deletions(try await self.review.list(query), of: chosen))
    }

    private func confirm(_ decision: DeletionDecision, _ grant: Grant) async throws -> Response {
        guard let chosen = grant.selection(decision.pipelineID, of: self.pipelines) else { return .noSuchPipeline }
        var count = 0
        for id in chosen {
            count += try await self.review.confirm(in: id, includingKept: decision.includingKept)
        }
        return .json(.object(["confirmed": .int(count)]))
    }

    private func discard(_ decision: DeletionDecision, _ grant: Grant) async throws -> Response {
        guard let chosen = grant.selection(decision.pipelineID, of: self.pipelines) else { return .noSuchPipeline }
        var count = 0
        for id in chosen { count += try await self.review.discard(in: id) }
        return .json(.object(["discarded": .int(count)]))
    }

    private func decide(
        _ request: Request,
        _ body: (DeletionDecision, Grant) async throws -> Response
    ) async -> Response {
        guard request.headers[.contentType]?.hasPrefix("application/json") ?? false else {
            return .problem(.unsupportedMediaType, detail: "send a JSON object as 'application/json'")
        }
        guard let bytes = try? await request.body.collect(upTo: Self.bodyLimit) else {
            return .problem(.contentTooLarge, detail: "send a JSON object of at most \(Self.bodyLimit) bytes")
        }
        let json = try? JSONValue(parsing: Array(bytes.readableBytesView))
        guard let decision = json.flatMap(DeletionDecision.init) else {
            return .problem(.badRequest, detail: "send a JSON object, such as {\"pipeline_id\": \"documents\"}")
        }
        let grant = self.access.grant(of: request)
        return await self.answer { try await body(decision, grant) }
    }

    private func answer(_ body: () async throws -> Response) async -> Response {
        do {
            return try await body()
        } catch {
            self.logger.error("A request about deletions failed.", metadata: ["error": "\(error)"])
            return .problem(.internalServerError, detail: "the store refused; the log of the daemon says why")
        }
    }
}

/// What a request decides.
private struct DeletionDecision {
    /// Nil means every pipeline.
    let pipelineID: String?
    /// Whether documents go too that were to be kept before.
    let includingKept: Bool

    /// Nil for what is no object, or has something else under one of its names.
    init?(_ json: JSONValue) {
        guard case .object(let fields) = json else { return nil }
        switch fields["pipeline_id"] {
        case .string(let name)?: self.pipelineID = name
        case .null?, nil: self.pipelineID = nil
        default: return nil
        }
        switch fields["including_kept"] {
        case .bool(let value)?: self.includingKept = value
        case .null?, nil: self.includingKept = false
        default: return nil
        }
    }
}
