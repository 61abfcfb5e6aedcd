import ArgumentParser
import Config
import Daemon
import Logging

/// `corpusd version`.
struct ShowVersion: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print the version, and with --config that of the database.",
        discussion: """
            Needs neither the daemon nor, without --config, a database. Reads the database itself: works while the \
            daemon runs and while it does not.
            """
    )

    @Option(
        name: .shortAndLong, help: "Say, too, of what version the database is that this configuration names.",
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        guard let config else {
            let report = VersionReport()
            return print(self.json ? report.json : report.text)
        }
        let loaded = try ConfigurationOption.load(config)
        do {
            let report = try await VersionReport(config: loaded, logger: .ofCommand)
            print(self.json ? report.json : report.text)
        } catch {
            throw StandardError.report(error)
        }
    }
}
