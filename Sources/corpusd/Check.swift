import ArgumentParser
import Config
import Daemon
import Ingest
import Logging
import SocketIO

/// `corpusd check`: validates the configuration and changes nothing.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Validate the configuration: prints every problem with its line and column, exits 78 if there is one. "
            + "Reads the files with tokens, keys, credentials and the certificate as this user. Exits 65 if the database "
            + "has vectors of another model than the configured one.",
        discussion: "Works while the daemon runs and while it does not; reads the database itself, if there is one."
    )

    @Flag(help: "Print JSON when all is well.")
    var json = false

    @Flag(help: "Besides, log in to Google Drive and count the files: shows which account sees how many.")
    var online = false

    @Flag(help: "Leave out tokens, keys, credentials and the certificate, which only the service may read.")
    var withoutSecrets = false

    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
        let config = try self.configuration.load()
        do {
            if !self.withoutSecrets { try config.checkSecrets() }
        } catch {
            StandardError.print("\(self.configuration.config): error: \(error)")
            throw ExitCode(ExitStatus.configuration.rawValue)
        }
        var checks: [OnlineCheck] = []
        do {
            try config.checkModel(logger: .ofCommand)
            if self.online { checks = try await OnlineCheck.all(of: config, logger: .ofCommand) }
        } catch {
            throw StandardError.report(error)
        }
        let count = config.pipelines.count
        guard !self.json else { return print(self.report(count, checks)) }
        print("\(self.configuration.config): valid, \(count.counted("pipeline"))")
        for check in checks { print(check.text) }
    }

    private func report(_ count: Int, _ checks: [OnlineCheck]) -> String {
        guard self.online else { return "{\"valid\":true,\"pipelines\":\(count)}" }
        let online = String(decoding: JSONValue.array(checks.map(\.json)).encoded(), as: UTF8.self)
        return "{\"valid\":true,\"pipelines\":\(count),\"online\":\(online)}"
    }
}
