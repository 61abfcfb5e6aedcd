import ArgumentParser
import Config
import Daemon
import Logging

/// `corpusd scan --once`: one pass without the server.
struct Scan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Go over all folders once, without the server, and print what came of it as JSON.",
        discussion: """
            Takes in what is new or has changed, tries failed files again whose time has come, and ends when all of it has \
            been dealt with; a pipeline that was paused is gone over, too. A file that was written within 'settle' is \
            taken as it is when that time is over. Needs the database for itself: it is refused while the daemon \
            runs, which does all of this by itself. May be ended at any moment; the next pass goes on.

            Exit codes:
              0   everything was read, and nothing failed
              1   files failed or wait for another attempt, or a place could not be read; a later pass may help
              2   the configuration is wrong (78 of the other commands)
              3   credentials are refused; a person must help
              64  the command line is wrong, or the pipeline is not configured
              65  the database is of a newer version, of another program, or of another model
            A file that an earlier pass gave up counts in 'files_given_up' and changes no exit code.
            """
    )

    @Flag(help: "One pass; the only kind there is, as 'corpusd serve' watches.")
    var once = false

    @Option(help: "Only this pipeline.")
    var pipeline: String?

    @Flag(help: "Print JSON, as it always does, and show no progress on a terminal.")
    var json = false

    @OptionGroup var configuration: ConfigurationOption

    func validate() throws {
        guard self.once else { throw ValidationError("Give --once; 'corpusd serve' is what watches.") }
    }

    func run() async throws {
        let report: ScanReport
        do {
            let config = try self.loadConfiguration()
            try self.configuration.require(self.pipeline, in: config)
            let progress = ProgressLine(isWanted: !self.json)
            let logger = Logger.ofCommand(above: progress, level: max(config.log.level.loggerLevel, .notice))
            defer { progress.end() }
            report = try await ScanOnce(config: config, pipeline: self.pipeline, logger: logger).run {
                progress.show($0.text)
            }
        } catch let code as ExitCode {
            throw code
        } catch {
            _ = StandardError.report(error)
            throw ExitCode(PassExit.code(of: error))
        }
        print(report.json)
        guard report.exit == .complete else { throw ExitCode(report.exit.rawValue) }
    }

    /// A wrong configuration has a code of its own here.
    private func loadConfiguration() throws -> Config {
        do {
            return try self.configuration.load()
        } catch let code as ExitCode where code.rawValue == ExitStatus.configuration.rawValue {
            throw ExitCode(PassExit.configuration.rawValue)
        }
    }
}
