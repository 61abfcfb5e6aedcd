import Daemon
import Logging
import Synchronization

/// How far a command has got, on one line of a terminal on standard error; nothing elsewhere.
final class ProgressLine: Sendable {
    /// Often enough for people, seldom enough not to cost anything.
    private static let pause = Duration.milliseconds(100)

    private struct State {
        var shownAt: ContinuousClock.Instant?
        var text = ""
    }

    private let isShown: Bool
    private let state = Mutex(State())

    /// - Parameter isWanted: Whether a person reads the answer, and no program.
    init(isWanted: Bool) { self.isShown = isWanted && Terminal.standardError.isMovable }

    /// Shows how far it has got, unless that was done a moment ago.
    ///
    /// - Parameter text: Takes the place of the one before; nothing in it steers the terminal.
    func show(_ text: @autoclosure () -> String) {
        guard self.isShown else { return }
        self.state.withLock { state in
            let now = ContinuousClock.now
            if let shownAt = state.shownAt, now - shownAt < Self.pause { return }
            state = State(shownAt: now, text: text())
            Self.draw(state.text)
        }
    }

    /// Writes whole lines, with their ends; the line of progress stays below them.
    func tell(_ lines: String) {
        self.state.withLock { state in
            guard !state.text.isEmpty else { return LineLogHandler.writeToStandardError(lines) }
            LineLogHandler.writeToStandardError("\r\u{1B}[K\(lines)")
            Self.draw(state.text)
        }
    }

    /// Takes the line away: the answer comes.
    func end() {
        self.state.withLock { state in
            if !state.text.isEmpty { LineLogHandler.writeToStandardError("\r\u{1B}[K") }
            state = State()
        }
    }

    private static func draw(_ text: String) {
        let line = TerminalText.clipped(text, to: Terminal.standardError.width - 1)
        LineLogHandler.writeToStandardError("\r\(line)\u{1B}[K")
    }
}

extension Logger {
    /// As `ofCommand`, above a line of progress.
    static func ofCommand(above progress: ProgressLine, level: Logger.Level = .warning) -> Logger {
        Logger(label: "corpusd") { _ in LineLogHandler(level: level) { progress.tell($0) } }
    }
}
