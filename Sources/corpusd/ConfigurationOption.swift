import ArgumentParser
import Config
import Daemon
import Logging

/// `--config`, the same for every command.
struct ConfigurationOption: ParsableArguments {
    /// Where the package puts it.
    static let usual = "/etc/corpusd/corpusd.yaml"

    @Option(name: .shortAndLong, help: "The configuration file.", completion: .file(extensions: ["yaml", "yml"]))
    var config = Self.usual

    /// What other commands need to be given for the same file; empty for the usual one.
    var written: String {
        guard self.config != Self.usual else { return "" }
        let isPlain = self.config.utf8.allSatisfy { Self.plain.contains($0) }
        return "--config \(isPlain ? self.config : "'\(self.config.replacing("'", with: "'\\''"))'")"
    }

    /// What a shell takes as it is.
    private static let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/".utf8)

    /// Reads and validates the file.
    ///
    /// - Parameter isJSON: Whether every problem is printed as a log record in JSON.
    /// - Returns: What it says.
    /// - Throws: `ExitStatus.configuration` after every problem has been printed.
    func load(isJSON: Bool = false) throws -> Config { try Self.load(self.config, isJSON: isJSON) }

    /// As `load`, for commands that can do without.
    static func load(_ path: String, isJSON: Bool = false) throws -> Config {
        do {
            return try Config.load(path: path)
        } catch {
            StandardError.print("\(error)", isJSON: isJSON)
            throw ExitCode(ExitStatus(error).rawValue)
        }
    }
}

extension ConfigurationOption {
    /// Sees that a pipeline that was named on the command line is in the configuration.
    ///
    /// - Throws: `ExitStatus.usage` after the error has been printed.
    func require(_ pipeline: String?, in config: Config) throws {
        guard let pipeline, !config.pipelines.contains(where: { $0.id == pipeline }) else { return }
        StandardError.print("corpusd: error: no pipeline '\(pipeline)' in '\(self.config)'")
        throw ExitCode(ExitStatus.usage.rawValue)
    }
}

/// What goes to the person and not into a pipe.
enum StandardError {
    /// Prints a text of one or more lines, of which nothing steers a terminal.
    ///
    /// - Parameters:
    ///   - text: Without a line break at its end.
    ///   - isJSON: Whether each line is a log record in JSON.
    static func print(_ text: String, isJSON: Bool = false) {
        let mark = LogFormat.ofStandardError().mark(for: .error)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            isJSON
                ? LogLayout.json.line(String(line), level: .error)
                : "\(mark)\(TerminalText.printable(String(line)))\n"
        }
        LineLogHandler.writeToStandardError(lines.joined())
    }

    /// Prints what failed, why and what to do, in one line.
    ///
    /// - Parameters:
    ///   - error: What failed.
    ///   - isJSON: Whether it is a log record in JSON.
    /// - Returns: The exit code of the failure, to be thrown.
    static func report(_ error: any Error, isJSON: Bool = false) -> ExitCode {
        Self.print(isJSON ? "\(error)" : "corpusd: error: \(error)", isJSON: isJSON)
        return ExitCode(ExitStatus(error).rawValue)
    }
}
