import Daemon
import Logging

extension Logger {
    /// What the program has to tell, one line each, on standard error.
    ///
    /// - Parameters:
    ///   - level: The lowest that is told.
    ///   - isJSON: Whether each line is a JSON object.
    /// - Returns: A logger.
    static func corpusd(level: Logger.Level, isJSON: Bool = false) -> Logger {
        Logger(label: "corpusd") { _ in
            LineLogHandler(level: level, layout: isJSON ? .json : .text)
        }
    }

    /// For a command that a person waits for: what it prints is its answer, so only warnings are told.
    static var ofCommand: Logger { .corpusd(level: .warning) }
}
