import ArgumentParser
import Config

/// `corpusd check`: validates the configuration and changes nothing.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Validate the configuration: prints every problem with its line and column, exits 2 if there is one."
    )

    @OptionGroup var configuration: ConfigurationOption

    func run() throws {
        let config = try self.configuration.load()
        let count = config.pipelines.count
        print("\(self.configuration.config): valid, \(count) pipeline\(count == 1 ? "" : "s")")
    }
}
