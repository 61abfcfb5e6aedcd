import FoundationEssentials
package import Logging
import SocketIO

/// How a log record is written; it is always one line, with its line break.
package enum LogLayout: Sendable {
    /// For people: time, level, message, metadata; for the journal without time.
    ///
    /// `2026-11-22T18:00:14.420Z info     Listening. address=127.0.0.1:8003`. Control characters of a value (a file name may
    /// hold a line break) are escaped.
    case text
    /// For programs: an object with `time`, `level`, `message`, `metadata`; in the journal its priority stands before it,
    /// which the journal takes off.
    case json

    /// Writes a record.
    package func line(
        _ message: String,
        level: Logger.Level,
        metadata: Logger.Metadata = [:],
        format: LogFormat = .ofStandardError()
    ) -> String {
        switch self {
        case .text: Self.text(message, level: level, metadata: metadata, format: format)
        case .json: Self.json(message, level: level, metadata: metadata, format: format)
        }
    }

    private static func json(
        _ message: String,
        level: Logger.Level,
        metadata: Logger.Metadata,
        format: LogFormat
    ) -> String {
        let record: JSONValue = .object([
            "time": Wire.time(Date()), "level": .string(level.rawValue), "message": .string(message),
            "metadata": .object(metadata.mapValues { .string("\($0)") }),
        ])
        return "\(format.mark(for: level))\(String(decoding: record.encoded(), as: UTF8.self))\n"
    }

    private static func text(
        _ message: String,
        level: Logger.Level,
        metadata: Logger.Metadata,
        format: LogFormat
    ) -> String {
        var line = "\(Self.beginning(of: level, format))\(message)"
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line += " \(key)=\(Self.quoted("\(value)"))"
        }
        return Self.escaped(line) + "\n"
    }

    private static func beginning(of level: Logger.Level, _ format: LogFormat) -> String {
        guard case .timestamped = format else { return format.mark(for: level) }
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
}
