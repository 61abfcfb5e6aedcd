import ArgumentParser
import Daemon

/// `corpusd version`.
struct ShowVersion: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    @Flag(help: "Print JSON.")
    var json = false

    func run() { print(self.json ? "{\"version\":\"\(Version.current)\"}" : "corpusd \(Version.current)") }
}
