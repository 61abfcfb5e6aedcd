import ArgumentParser
import Config
import Daemon
import Ingest
import Logging
import SocketIO

/// `corpusd retry`: gives failed files another start, by the running daemon or, without one, at its next start.
struct Retry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Try failed files again, whatever they failed of.",
        discussion: """
            Works while the daemon runs and while it does not: the running daemon tries them at once; without one it is \
            noted in the database, and the next start does.
            """
    )

    @Argument(help: "A file's id, its path below the watched folder, or its absolute path.")
    var file: String?

    @Flag(help: "All files that failed and are not tried again by themselves.")
    var failed = false

    @Option(help: "Only files of this pipeline.")
    var pipeline: String?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var configuration: ConfigurationOption

    func validate() throws {
        guard (self.file == nil) == self.failed else { throw ValidationError("Give a file, or --failed.") }
    }

    func run() async throws {
        let config = try self.configuration.load()
        try self.configuration.require(self.pipeline, in: config)
        let (count, isLive): (Int, Bool)
        do {
            (count, isLive) = try await config.withCatalog(isChanging: true, logger: .ofCommand) { catalog in
                (try await self.retry(with: catalog, config), catalog.isLive)
            }
        } catch {
            throw StandardError.report(error)
        }
        let when = isLive || count == 0 ? "" : " by the next start; the daemon does not run"
        print(self.json ? "{\"retried\":\(count)}" : "\(count.counted("file")) to be tried again\(when)")
        if self.file != nil, count == 0 { throw ExitCode.failure }
    }

    private func retry(with catalog: any FileCatalog, _ config: Config) async throws -> Int {
        guard let file else {
            return try await catalog.retry(.deadLetters(self.pipeline.map { PipelineID($0) }))["retried"]?.int ?? 0
        }
        let found = try await self.find(file, in: catalog, config)
        if found.isEmpty { StandardError.print("corpusd: error: no file '\(file)'; 'corpusd files' lists them") }
        var count = 0
        for id in found {
            do {
                count += try await catalog.retry(.file(id))["retried"]?.int ?? 0
            } catch LocalClient.Problem.refused(address: _, status: 409, detail: _) {
                // It has not failed; another file of this name may have.
            }
        }
        if !found.isEmpty, count == 0 { StandardError.print("corpusd: error: '\(file)' has not failed") }
        return count
    }

    /// The failed files that a person's word may mean: by id, by path in the folder, by absolute path.
    private func find(_ file: String, in catalog: any FileCatalog, _ config: Config) async throws -> [DocumentID] {
        let pipeline = self.pipeline.map { PipelineID($0) }
        for query in [FileQuery(pipeline: pipeline, fileID: file), FileQuery(pipeline: pipeline, path: file)] {
            let ids = try await self.ids(of: query, in: catalog)
            if !ids.isEmpty { return ids }
        }
        // Folders may lie in one another: a file can belong to several.
        var ids: [DocumentID] = []
        for folder in config.pipelines where self.pipeline == nil || folder.id == self.pipeline {
            guard let directory = folder.path, file.hasPrefix("\(directory)/") else { continue }
            let path = String(file.dropFirst(directory.count + 1))
            ids += try await self.ids(of: FileQuery(pipeline: PipelineID(folder.id), path: path), in: catalog)
        }
        return ids
    }

    private func ids(of query: FileQuery, in catalog: any FileCatalog) async throws -> [DocumentID] {
        (try await catalog.page(query)["files"]?.array ?? []).compactMap { file in
            guard let id = file["id"]?.string, let pipeline = file["pipeline_id"]?.string else { return nil }
            return DocumentID(pipeline: PipelineID(pipeline), file: id)
        }
    }
}
