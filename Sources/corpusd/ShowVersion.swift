import ArgumentParser
import Daemon

/// `corpusd version`.
struct ShowVersion: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    func run() { print("corpusd \(Version.current)") }
}
