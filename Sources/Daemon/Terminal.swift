import Glibc

/// What standard output is connected to.
package struct Terminal: Sendable {
    package let isTerminal: Bool
    /// Whether colours may be used: on a terminal that has them, unless `NO_COLOR` says otherwise.
    package let isColoured: Bool
    /// Columns; 80 where nobody knows.
    package let width: Int

    package static var standardOutput: Terminal {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        var size = winsize()
        let isKnown = isTerminal && ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
        let isPlain = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        return Terminal(
            isTerminal: isTerminal,
            isColoured: isTerminal && !isDumb && !isPlain,
            width: isKnown ? Int(size.ws_col) : 80
        )
    }
}
