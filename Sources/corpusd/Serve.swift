import ArgumentParser
import Config
import Daemon
import Logging

/// `corpusd serve`: the daemon.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Watch the configured folders and serve the status page, until SIGTERM or SIGINT."
    )

    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        let config = try self.configuration.load()
        let level = config.log.level.loggerLevel
        let logger = Logger(label: "corpusd") { _ in LineLogHandler(level: level) }
        do {
            try await Daemon(config: config, logger: logger).run()
        } catch {
            throw StandardError.report(error)
        }
    }
}
