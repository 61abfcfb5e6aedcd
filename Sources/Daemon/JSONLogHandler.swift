import FoundationEssentials
package import Logging
import SocketIO

/// Writes each log record as one line of JSON to standard error: `time`, `level`, `message`, `metadata`.
///
/// In the journal its priority stands before it, which the journal takes off.
package struct JSONLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let format: LogFormat
    private let write: @Sendable (String) -> Void

    /// - Parameters:
    ///   - level: The lowest level that is written.
    ///   - format: Where it goes to.
    ///   - write: Takes one line with its line break; standard error by default.
    package init(
        level: Logger.Level,
        format: LogFormat = .ofStandardError(),
        write: @escaping @Sendable (String) -> Void = LineLogHandler.writeToStandardError
    ) {
        self.logLevel = level
        self.format = format
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var metadata = self.metadata
        if let provided = self.metadataProvider?.get() { metadata.merge(provided) { $1 } }
        if let own = event.metadata { metadata.merge(own) { $1 } }
        let values = metadata.mapValues { JSONValue.string("\($0)") }
        self.write(Self.line("\(event.message)", level: event.level, metadata: values, format: self.format))
    }

    /// A record by itself, for what is told where there is no logger.
    package static func line(_ message: String, level: Logger.Level) -> String {
        Self.line(message, level: level, metadata: [:], format: .ofStandardError())
    }

    private static func line(
        _ message: String,
        level: Logger.Level,
        metadata: [String: JSONValue],
        format: LogFormat
    ) -> String {
        let record: JSONValue = .object([
            "time": Wire.time(Date()), "level": .string(level.rawValue), "message": .string(message),
            "metadata": .object(metadata),
        ])
        return "\(format.mark(for: level))\(String(decoding: record.encoded(), as: UTF8.self))\n"
    }
}
