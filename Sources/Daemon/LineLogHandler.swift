package import Logging
import SystemPackage

/// Writes each log record as one line to standard error.
package struct LineLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let layout: LogLayout
    private let format: LogFormat
    private let write: @Sendable (String) -> Void

    /// - Parameters:
    ///   - level: The lowest level that is written.
    ///   - layout: For people or for programs.
    ///   - format: How a line begins.
    ///   - write: Takes one line with its line break; standard error by default.
    package init(
        level: Logger.Level,
        layout: LogLayout = .text,
        format: LogFormat = .ofStandardError(),
        write: @escaping @Sendable (String) -> Void = Self.writeToStandardError
    ) {
        self.logLevel = level
        self.layout = layout
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
        self.write(
            self.layout.line("\(event.message)", level: event.level, metadata: metadata, format: self.format))
    }

    /// One `write` a record, so that records of several threads never mix.
    package static func writeToStandardError(_ line: String) {
        var line = line
        // A log that cannot be written must not stop the daemon.
        _ = try? line.withUTF8 { try FileDescriptor.standardError.writeAll($0) }
    }
}
