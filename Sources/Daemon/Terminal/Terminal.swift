import Glibc

/// What standard output or standard error is connected to.
package struct Terminal: Sendable {
    package let isTerminal: Bool
    /// Whether the cursor can be moved: on a terminal that is not a dumb one.
    package let isMovable: Bool
    /// Whether colours may be used: on a terminal that has them, unless `NO_COLOR` says otherwise.
    package let isColoured: Bool
    /// Columns; 80 where nobody knows.
    package let width: Int
    /// Lines; 24 where nobody knows.
    package let height: Int

    /// Asks anew each time: a person may have resized the window.
    package static var standardOutput: Terminal { Terminal(descriptor: STDOUT_FILENO) }

    /// As `standardOutput`.
    package static var standardError: Terminal { Terminal(descriptor: STDERR_FILENO) }

    private init(descriptor: CInt) {
        let isTerminal = isatty(descriptor) == 1
        var size = winsize()
        let isKnown = isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
        let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
        let isPlain = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        self.isTerminal = isTerminal
        self.isMovable = isTerminal && !isDumb
        self.isColoured = isTerminal && !isDumb && !isPlain
        self.width = isKnown && size.ws_col > 0 ? Int(size.ws_col) : 80
        self.height = isKnown && size.ws_row > 0 ? Int(size.ws_row) : 24
    }
}
