import Daemon
import Logging
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
            LineLogHandler(level: .trace) { line in lines.written.withLock { $0.append(line) } }
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
}
