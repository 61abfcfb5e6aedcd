import Glibc
package import Logging

/// How a log record begins: for a terminal or a file with its time, for the journal with its priority.
package enum LogFormat: Sendable {
    case timestamped
    /// The journal knows the time, and takes the priority from a number in angle brackets.
    case journal

    /// What standard error leads to.
    ///
    /// - Parameter stream: `JOURNAL_STREAM`, device and inode of the journal's socket.
    /// - Returns: `.journal` if standard error is that very socket.
    /// Source: systemd.exec(5), sd-daemon(3).
    package static func ofStandardError(stream: String? = getenv("JOURNAL_STREAM").map { String(cString: $0) }) -> Self
    {
        var status = stat()
        guard let stream, fstat(STDERR_FILENO, &status) == 0 else { return .timestamped }
        return stream == "\(status.st_dev):\(status.st_ino)" ? .journal : .timestamped
    }

    /// The priority's mark in front of a line; nothing where nobody reads it.
    package func mark(for level: Logger.Level) -> String {
        guard case .journal = self else { return "" }
        let priority =
            switch level {
            case .trace, .debug: 7
            case .info: 6
            case .notice: 5
            case .warning: 4
            case .error: 3
            case .critical: 2
            }
        return "<\(priority)>"
    }
}
