import Daemon
import Logging

extension Logger {
    /// What the program has to tell, one line each, on standard error.
    static func corpusd(level: Logger.Level) -> Logger {
        Logger(label: "corpusd") { _ in LineLogHandler(level: level) }
    }

    /// For a command that a person waits for: what it prints is its answer, so only warnings are told.
    static var ofCommand: Logger { .corpusd(level: .warning) }
}
