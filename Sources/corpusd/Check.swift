import ArgumentParser
import Config
import Daemon

/// `corpusd check`: validates the configuration and changes nothing.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Validate the configuration: prints every problem with its line and column, exits 78 if there is one. "
            + "Reads the files with tokens and the certificate as this user."
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
        let count = config.pipelines.count
        guard !self.json else { return print("{\"valid\":true,\"pipelines\":\(count)}") }
        print("\(self.configuration.config): valid, \(count) pipeline\(count == 1 ? "" : "s")")
    }
}
