import Glibc
import SystemPackage

/// The whole of a terminal for pictures that take each other's place; what was there before comes back at the end.
struct TerminalScreen: Sendable {
    /// The alternate screen, no cursor, and no line that goes on in the next one.
    private static let opening = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[2J"
    private static let closing = "\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"
    /// Around a picture: terminals that know it show the whole at once.
    private static let (pictureBegin, pictureEnd) = ("\u{1B}[?2026h\u{1B}[H", "\u{1B}[J\u{1B}[?2026l")

    /// How the terminal treated what is typed; nil where that could not be asked.
    private let before: termios?

    /// Takes the screen.
    ///
    /// - Throws: `Errno` when nothing can be written.
    static func open() throws -> TerminalScreen {
        var settings = termios()
        let isKnown = tcgetattr(STDOUT_FILENO, &settings) == 0
        let screen = TerminalScreen(before: isKnown ? settings : nil)
        if isKnown {
            // What is typed would stand in the picture; Ctrl-Z would leave the shell without a cursor.
            settings.c_lflag &= ~tcflag_t(ECHO | ICANON)
            withUnsafeMutableBytes(of: &settings.c_cc) { $0[Int(VSUSP)] = 0 }
            tcsetattr(STDOUT_FILENO, TCSADRAIN, &settings)
        }
        do {
            try StandardOutput.write(Self.opening)
        } catch {
            screen.close()
            throw error
        }
        return screen
    }

    /// Draws a picture over the one before.
    ///
    /// - Parameter lines: As many as there is room for, each with a column to spare at its end.
    /// - Throws: `Errno` when the terminal is gone.
    func draw(_ lines: [String]) throws {
        let text = lines.map { "\($0)\u{1B}[K" }.joined(separator: "\n")
        try StandardOutput.write(Self.pictureBegin + text + Self.pictureEnd)
    }

    /// Gives the screen back; what was typed meanwhile is forgotten.
    func close() {
        try? StandardOutput.write(Self.closing)
        guard var before else { return }
        tcsetattr(STDOUT_FILENO, TCSAFLUSH, &before)
    }
}

/// What a command answers, written at once.
enum StandardOutput {
    /// Writes a text; blocks until it is taken.
    ///
    /// - Throws: `Errno`, such as `brokenPipe` when nobody reads any more.
    static func write(_ text: String) throws {
        var text = text
        _ = try text.withUTF8 { try FileDescriptor.standardOutput.writeAll($0) }
    }
}
