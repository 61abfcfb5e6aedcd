import ArgumentParser
import Config
import Daemon
import Logging

/// `corpusd plan`: what a pass would do.
struct Plan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what a pass over all folders would do, and change nothing.",
        discussion: """
            Counts the files that are new, changed, moved, gone, or to be held, and reads what would be processed to \
            say how many passages and tokens there are to embed. Reads the database itself: works while the daemon \
            runs and while it does not. Exits 1 when a place could not be read.
            """
    )

    @Option(help: "Only this pipeline.")
    var pipeline: String?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        let config = try self.configuration.load()
        try self.configuration.require(self.pipeline, in: config)
        let plan: PassPlan
        do {
            let progress = ProgressLine(isWanted: !self.json)
            defer { progress.end() }
            plan = try await PassPlan(
                config: config, pipeline: self.pipeline, logger: .ofCommand(above: progress)
            ) { progress.show($0.text) }
        } catch {
            throw StandardError.report(error)
        }
        print(self.json ? plan.json : plan.text)
        guard plan.isComplete else { throw ExitCode.failure }
    }
}
