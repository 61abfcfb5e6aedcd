import ArgumentParser
import Config
import Daemon
import Ingest
import Logging
import SocketIO

/// `corpusd files`: what the ledger knows, from the running daemon or, without one, from the database.
struct Files: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List files with their state, their attempts and what went wrong.",
        discussion: """
            States: stored; skipped, nothing to extract; retrying, failed and tried again by itself; failed, not tried \
            again until it changes or 'corpusd retry' asks for it.

            Works while the daemon runs and while it does not: asks the daemon, or else reads the database itself, as a \
            line on a terminal says then.
            """
    )

    @Argument(help: "Only files whose path contains this.")
    var text: String?

    @Flag(help: "Only files that failed and are not tried again: the same as --state failed.")
    var failed = false

    @Option(help: "Only files in this state: stored, skipped, retrying or failed.")
    var state: String?

    @Option(help: "Only files of this pipeline.")
    var pipeline: String?

    @Option(name: .customShort("k"), help: "How many files at most.")
    var limit: Int?

    @Flag(help: "Print one JSON object a line, as GET /api/files lists them.")
    var json = false

    @OptionGroup var configuration: ConfigurationOption

    private var wanted: FileQuery.State? {
        self.failed ? .failed : self.state.flatMap { FileQuery.State(rawValue: $0) }
    }

    func validate() throws {
        if let state, FileQuery.State(rawValue: state) == nil {
            throw ValidationError("--state must be stored, skipped, retrying or failed.")
        }
        if self.failed, let state, state != "failed" { throw ValidationError("--failed and --state disagree.") }
        if let limit, limit < 1 { throw ValidationError("-k must be 1 or more.") }
    }

    func run() async throws {
        let config = try self.configuration.load()
        try self.configuration.require(self.pipeline, in: config)
        do {
            try await config.withCatalog(isChanging: false, logger: .ofCommand) { catalog in
                if !catalog.isLive, !self.json, Terminal.standardError.isTerminal {
                    StandardError.print("corpusd: the daemon does not run; from the database '\(config.store.path)':")
                }
                try await self.printAll(of: catalog)
            }
        } catch {
            throw StandardError.report(error)
        }
    }

    private func printAll(of catalog: any FileCatalog) async throws {
        var query = FileQuery(
            pipeline: self.pipeline.map { PipelineID($0) }, state: self.wanted, text: self.text, limit: 1_000)
        var left = self.limit ?? .max
        while left > 0 {
            query.limit = min(left, 1_000)
            let page = try await catalog.page(query)
            let files = page["files"]?.array ?? []
            for file in files {
                print(self.json ? String(decoding: file.encoded(), as: UTF8.self) : FileListing.text(file))
            }
            left -= files.count
            guard let next = page["next_cursor"]?.string.flatMap({ Int64($0) }) else { return }
            query.after = next
        }
    }
}
