import ArgumentParser
import Config
import Daemon
import Logging

/// `corpusd serve`: the daemon.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Watch the configured folders and serve the status page, until SIGTERM or SIGINT.",
        discussion: """
            SIGTERM and SIGINT finish the documents in hand, for 20 seconds at most; a second one puts them back. \
            SIGHUP checks the configuration and says what a restart would apply. Under systemd it serves on the \
            socket that it is given, if any, reports its status, and answers the watchdog. It is the daemon that other \
            commands talk to, and keeps the database from being changed by any of them.

            Exit codes:
              0   stopped as it was told to
              1   something failed at run time; starting again may help
              64  the command line is wrong
              65  the database is of a newer version, of another program, or of another model
              78  the configuration is wrong
            """
    )

    @Flag(help: "Write the log as JSON: one object a line with 'time', 'level', 'message' and 'metadata'.")
    var json = false

    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        let environment = ServiceEnvironment.take()
        let config = try self.loadConfiguration(reportingTo: environment)
        let logger = Logger.corpusd(level: config.log.level.loggerLevel, isJSON: self.json)
        do {
            let daemon = Daemon(
                config: config,
                configPath: self.configuration.config,
                environment: environment,
                logger: logger
            )
            try await daemon.run()
        } catch {
            throw StandardError.report(error, isJSON: self.json)
        }
    }

    /// Reads the file; the service manager hears, too, that it is wrong.
    private func loadConfiguration(reportingTo environment: ServiceEnvironment) throws -> Config {
        do {
            return try self.configuration.load(isJSON: self.json)
        } catch {
            let notifier = ServiceNotifier(environment.notifySocket, logger: .ofCommand)
            notifier.send(.status("failed: the configuration is wrong; 'corpusd check' says where"))
            throw error
        }
    }
}
