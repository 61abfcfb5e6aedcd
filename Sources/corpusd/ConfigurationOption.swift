import ArgumentParser
import Config
import Daemon
import Logging

/// `--config`, the same for every command.
struct ConfigurationOption: ParsableArguments {
    @Option(name: .shortAndLong, help: "The configuration file.", completion: .file(extensions: ["yaml", "yml"]))
    var config = "/etc/corpusd/corpusd.yaml"

    /// Reads and validates the file.
    ///
    /// - Throws: `ExitStatus.configuration` after every problem has been printed.
    func load() throws -> Config {
        do {
            return try Config.load(path: self.config)
        } catch {
            StandardError.print("\(error)")
            throw ExitCode(ExitStatus(error).rawValue)
        }
    }
}

extension ConfigurationOption {
    /// Sees that a pipeline that was named on the command line is in the configuration.
    ///
    /// - Throws: `ExitCode` 1 after the error has been printed.
    func require(_ pipeline: String?, in config: Config) throws {
        guard let pipeline, !config.pipelines.contains(where: { $0.id == pipeline }) else { return }
        StandardError.print("corpusd: error: no pipeline '\(pipeline)' in '\(self.config)'")
        throw ExitCode.failure
    }
}

/// What goes to the person and not into a pipe.
enum StandardError {
    static func print(_ text: String) {
        let mark = LogFormat.ofStandardError().mark(for: .error)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { "\(mark)\($0)\n" }
        LineLogHandler.writeToStandardError(lines.joined())
    }

    /// Prints what failed, why and what to do, in one line.
    ///
    /// - Returns: The exit code of the failure, to be thrown.
    static func report(_ error: any Error) -> ExitCode {
        Self.print("corpusd: error: \(error)")
        return ExitCode(ExitStatus(error).rawValue)
    }
}
