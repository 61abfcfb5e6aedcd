import ArgumentParser
import Config
import Daemon
import Ingest
import Logging

/// `corpusd search`: works on the database itself, whether or not the daemon runs.
struct Search: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find passages by meaning and by words.",
        discussion: "Reads the database itself: works while the daemon runs and while it does not."
    )

    @Argument(help: "What to look for.")
    var query: String

    @Option(name: .customShort("k"), help: "How many passages at most, 1 to 100.")
    var limit = 5

    @Option(help: "Only documents of this pipeline.")
    var pipeline: String?

    @Option(help: "Only documents of this media type, such as application/pdf or text.")
    var type: String?

    @Option(help: "Only documents whose path below the watched place begins with this, such as reports/2024/.")
    var path: String?

    @Flag(help: "Print JSON, the same as GET /api/search answers.")
    var json = false

    @OptionGroup var configuration: ConfigurationOption

    func validate() throws {
        guard SearchService.limits.contains(self.limit) else { throw ValidationError("-k must be 1 to 100.") }
        guard self.query.contains(where: { !$0.isWhitespace }) else { throw ValidationError("Give what to look for.") }
        guard self.query.utf8.count <= SearchService.maxQueryBytes else {
            throw ValidationError("The question is longer than \(SearchService.maxQueryBytes) bytes.")
        }
    }

    func run() async throws {
        let config = try self.configuration.load()
        try self.configuration.require(self.pipeline, in: config)
        do {
            let start = ContinuousClock.now
            let service = try await SearchService(config: config, logger: .ofCommand)
            let pipelines = self.pipeline.map { Set([PipelineID($0)]) }
            let filter = SearchFilter(pipelines: pipelines, mediaType: self.type, path: self.path)
            let answer = try await service.search(self.query, limit: self.limit, filter: filter)
            let report = SearchReport(query: self.query, answer: answer, duration: ContinuousClock.now - start)
            print(self.json ? report.json : report.text)
        } catch {
            throw StandardError.report(error)
        }
    }
}
