import FoundationEssentials
package import Logging
import SystemPackage

/// Writes each log record as one line to standard error: time, level, message, metadata; for the journal without time.
///
/// `2026-11-22T18:00:14.420Z info     Listening. address=127.0.0.1:8003`. Control characters of a value (a file name may
/// hold a line break) are escaped, so that a record is always one line.
package struct LineLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let format: LogFormat
    private let write: @Sendable (String) -> Void

    /// - Parameters:
    ///   - level: The lowest level that is written.
    ///   - format: How a line begins.
    ///   - write: Takes one line with its line break; standard error by default.
    package init(
        level: Logger.Level,
        format: LogFormat = .ofStandardError(),
        write: @escaping @Sendable (String) -> Void = Self.writeToStandardError
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
        var line = "\(self.beginning(of: event.level))\(event.message)"
        var metadata = self.metadata
        if let provided = self.metadataProvider?.get() { metadata.merge(provided) { $1 } }
        if let own = event.metadata { metadata.merge(own) { $1 } }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line += " \(key)=\(Self.quoted("\(value)"))"
        }
        self.write(Self.escaped(line) + "\n")
    }

    private func beginning(of level: Logger.Level) -> String {
        guard case .timestamped = self.format else { return self.format.mark(for: level) }
        let time = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        let name = level.rawValue
        return "\(time) \(name)\(String(repeating: " ", count: max(0, 8 - name.count))) "
    }

    /// A value in double quotes if it holds a space, a quote or nothing.
    private static func quoted(_ value: String) -> String {
        let needsQuotes = value.isEmpty || value.contains { $0.isWhitespace || $0 == "\"" || $0 == "=" }
        guard needsQuotes else { return value }
        return "\"" + value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    private static func escaped(_ line: String) -> String {
        guard line.unicodeScalars.contains(where: Self.breaksLines) else { return line }
        var result = ""
        for scalar in line.unicodeScalars {
            if Self.breaksLines(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func breaksLines(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .format: true
        default: false
        }
    }

    /// One `write` a record, so that records of several threads never mix.
    package static func writeToStandardError(_ line: String) {
        var line = line
        // A log that cannot be written must not stop the daemon.
        _ = try? line.withUTF8 { try FileDescriptor.standardError.writeAll($0) }
    }
}
