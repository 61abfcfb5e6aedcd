import ArgumentParser
import Config
import Daemon
import Logging

/// `corpusd check`: validates the configuration and changes nothing.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Validate the configuration: prints every problem with its line and column, exits 78 if there is one. "
            + "Reads the files with tokens and keys and the certificate as this user. Exits 65 if the database has "
            + "vectors of another model than the configured one."
    )

    @Flag(help: "Print JSON when all is well.")
    var json = false

    @OptionGroup var configuration: ConfigurationOption

    func run() throws {
        let config = try self.configuration.load()
        do {
            try config.checkSecrets()
        } catch {
            StandardError.print("\(self.configuration.config): error: \(error)")
            throw ExitCode(ExitStatus.configuration.rawValue)
        }
        do {
            try config.checkModel(logger: .ofCommand)
        } catch {
            throw StandardError.report(error)
        }
        let count = config.pipelines.count
        guard !self.json else { return print("{\"valid\":true,\"pipelines\":\(count)}") }
        print("\(self.configuration.config): valid, \(count) pipeline\(count == 1 ? "" : "s")")
    }
}
