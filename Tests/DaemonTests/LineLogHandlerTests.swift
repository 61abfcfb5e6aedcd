import Daemon
import Logging
import SocketIO
import Synchronization
import Testing

@Suite("Log lines")
struct LineLogHandlerTests {
    private final class Lines: Sendable {
        let written = Mutex<[String]>([])
    }

    private func line(_ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata) -> String {
        let lines = Lines()
        var logger = Logger(label: "t") { _ in
            LineLogHandler(level: .trace, format: .timestamped) { line in lines.written.withLock { $0.append(line) } }
        }
        logger.logLevel = .trace
        logger.log(level: level, message, metadata: metadata)
        // The time is not compared: 24 characters and a space.
        return lines.written.withLock { String($0.joined().dropFirst(25)) }
    }

    @Test func holdsLevelMessageAndSortedMetadata() {
        #expect(self.line(.info, "Listening.", ["b": "2", "a": "1"]) == "info     Listening. a=1 b=2\n")
    }

    @Test(arguments: [
        ("two words", #""two words""#),
        (#"say "hi""#, #""say \"hi\"""#),
        ("", #""""#),
        ("a=b", #""a=b""#),
        ("two\nlines", #""two\u{a}lines""#),
        ("escape\u{1B}[31m", #"escape\u{1b}[31m"#),
        ("right\u{202E}to-left", #"right\u{202e}to-left"#),
    ])
    func aValueStaysOnItsLine(value: String, expected: String) {
        #expect(self.line(.error, "Failed.", ["v": "\(value)"]) == "error    Failed. v=\(expected)\n")
    }

    @Test(arguments: zip(Logger.Level.allCases, ["7", "7", "6", "5", "4", "3", "2"]))
    func theJournalGetsThePriorityAndNoTime(level: Logger.Level, priority: String) {
        let lines = Lines()
        var logger = Logger(label: "t") { _ in
            LineLogHandler(level: .trace, format: .journal) { line in lines.written.withLock { $0.append(line) } }
        }
        logger.logLevel = .trace
        logger.log(level: level, "Two\nlines.", metadata: ["a": "1"])
        #expect(lines.written.withLock { $0 } == ["<\(priority)>Two\\u{a}lines. a=1\n"])
    }

    @Test func aRecordCanBeAnObject() throws {
        let lines = Lines()
        var logger = Logger(label: "t") { _ in
            LineLogHandler(level: .trace, layout: .json, format: .journal) { line in
                lines.written.withLock { $0.append(line) }
            }
        }
        logger.logLevel = .trace
        logger[metadataKey: "kept"] = "yes"
        logger.log(level: .warning, "Two\nlines.", metadata: ["path": "a\"b\u{1B}\n"])
        let line = lines.written.withLock { $0.joined() }
        #expect(line.hasPrefix("<4>{") && line.hasSuffix("}\n") && !line.dropLast().contains("\n"))
        let record = try JSONValue(parsing: Array(line.dropFirst(3).utf8))
        #expect(record["level"] == "warning" && record["message"] == "Two\nlines.")
        #expect(record["metadata"] == ["path": "a\"b\u{1B}\n", "kept": "yes"])
        #expect(record["time"]?.string?.hasSuffix("Z") == true)
    }

    @Test func anotherStreamIsNotTheJournal() {
        #expect(LogFormat.ofStandardError(stream: "1:1").mark(for: .error) == "")
        #expect(LogFormat.ofStandardError(stream: nil).mark(for: .error) == "")
    }
}
