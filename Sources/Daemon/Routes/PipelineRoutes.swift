import FoundationEssentials
import Hummingbird
import Ingest
import Logging
import SocketIO

/// `GET /api/pipelines`, `GET /api/pipelines/{id}` and `POST /api/pipelines/{id}/pause|resume|rescan`.
struct PipelineRoutes: Sendable {
    let live: LiveStatus
    let controls: PipelineControls
    let access: AccessControl
    let logger: Logger

    func add(to router: Router<BasicRequestContext>) {
        router.get("api/pipelines") { request, _ in self.all(self.access.grant(of: request)) }
        router.get("api/pipelines/:id") { request, context in
            self.withPipeline(request, context) { .json(.object(Wire.pipeline($0, now: Date()))) }
        }
        router.post("api/pipelines/:id/pause") { request, context in
            await self.change(request, context) { try await self.controls.pause($0) }
        }
        router.post("api/pipelines/:id/resume") { request, context in
            await self.change(request, context) { try await self.controls.resume($0) }
        }
        router.post("api/pipelines/:id/rescan") { request, context in self.rescan(request, context) }
    }

    private func all(_ grant: Grant) -> Response {
        let now = Date()
        let visible = self.live.statuses.filter { grant.covers($0.pipeline.id) }
        return .json(["pipelines": .array(visible.map { .object(Wire.pipeline($0, now: now)) })])
    }

    private func withPipeline(
        _ request: Request, _ context: BasicRequestContext, _ body: (PipelineStatus) -> Response
    ) -> Response {
        let id = PipelineID(context.pathID)
        let grant = self.access.grant(of: request)
        let found = self.live.statuses.first { $0.pipeline.id == id && grant.covers(id) }
        guard let found else { return .noSuchPipeline }
        return body(found)
    }

    /// Changes something and answers with the pipeline as it is then.
    private func change(
        _ request: Request, _ context: BasicRequestContext,
        _ body: (PipelineID) async throws -> Void
    ) async -> Response {
        let id = PipelineID(context.pathID)
        let grant = self.access.grant(of: request)
        guard grant.covers(id), self.live.statuses.contains(where: { $0.pipeline.id == id }) else {
            return .noSuchPipeline
        }
        do {
            try await body(id)
        } catch {
            self.logger.error("A pipeline could not be changed.", metadata: ["error": "\(error)", "pipeline": "\(id)"])
            return .problem(
                .serviceUnavailable, detail: "the database does not take it; the log of the daemon says why")
        }
        return .json(["pipeline_id": .string(id.rawValue), "accepted": true], status: .accepted)
    }

    private func rescan(_ request: Request, _ context: BasicRequestContext) -> Response {
        self.withPipeline(request, context) { status in
            let id = status.pipeline.id
            do throws(PipelineControls.CheckRefusal) {
                try self.controls.rescan(id)
                return .json(["pipeline_id": .string(id.rawValue), "accepted": true], status: .accepted)
            } catch {
                switch error {
                case .isPaused: return .problem(.conflict, detail: "the pipeline is paused; resume it first")
                case .cannotBeAsked:
                    return .problem(.conflict, detail: "a pipeline of this type cannot be asked; it checks by itself")
                }
            }
        }
    }
}

extension Response {
    /// A pipeline that is not there, or that the client's token does not cover.
    static var noSuchPipeline: Response {
        .problem(.notFound, detail: "no such pipeline; 'GET /api/pipelines' names them all")
    }
}
