import FoundationEssentials
package import SocketIO

/// What the running daemon says of itself, for `corpusd status`.
package struct StatusReport: Sendable {
    /// Deletions of a pipeline that wait for a decision.
    struct Held: Equatable, Sendable {
        var pipeline: String
        var count: Int
        /// Paths of some of them.
        var paths: [String]
    }

    private let answers: [JSONValue]
    let pipelines: [PipelineFacts]
    let held: [Held]

    /// - Parameters:
    ///   - answer: That of `GET /api/pipelines`.
    ///   - deletions: That of `GET /api/deletions`; nil where nobody asked for it.
    ///   - pipeline: The only one to show; nil for all.
    package init(_ answer: JSONValue, deletions: JSONValue? = nil, pipeline: String? = nil) {
        let isChosen = { (json: JSONValue) in pipeline == nil || json["pipeline_id"]?.string == pipeline }
        self.answers = (answer["pipelines"]?.array ?? []).filter(isChosen)
        self.pipelines = self.answers.map { PipelineFacts($0) }
        self.held = (deletions?["pipelines"]?.array ?? []).filter(isChosen).compactMap { json in
            guard let id = json["pipeline_id"]?.string, let count = json["held"]?.int, count > 0 else { return nil }
            let paths = (json["files"]?.array ?? []).compactMap { $0["path"]?.string }
            return Held(pipeline: TerminalText.name(id), count: count, paths: paths.map { TerminalText.name($0) })
        }
    }

    /// Asks the daemon.
    ///
    /// - Parameters:
    ///   - client: Knows where it is.
    ///   - pipeline: The only one to show; nil for all.
    /// - Returns: What it says.
    /// - Throws: `LocalClient.Problem`.
    package static func ask(_ client: LocalClient, pipeline: String?) async throws -> StatusReport {
        let answer = try await client.get("/api/pipelines")
        let report = StatusReport(answer, pipeline: pipeline)
        // A pipeline that holds deletions says so in its problem.
        guard report.pipelines.contains(where: { $0.problem != nil }) else { return report }
        let path = LocalClient.path("/api/deletions", [("state", "held"), ("limit", "20"), ("pipeline", pipeline)])
        return StatusReport(answer, deletions: try? await client.get(path), pipeline: pipeline)
    }

    /// Whether there is anything to show.
    package var hasPipelines: Bool { !self.pipelines.isEmpty }

    /// Whether a place cannot be read.
    package var isInTrouble: Bool { self.pipelines.contains { $0.state == "error" } }

    /// Whether the daemon is about to end: it answers, and no pipeline of it works any more.
    var isStopping: Bool { self.hasPipelines && self.pipelines.allSatisfy { $0.state == "offline" } }

    /// One line.
    package var json: String {
        String(decoding: JSONValue.object(["pipelines": .array(self.answers)]).encoded(), as: UTF8.self)
    }
}
