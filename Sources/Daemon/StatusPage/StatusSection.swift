/// A part of the picture: a title and rows, of which those at the end go first where there is no room.
struct StatusSection: Equatable, Sendable {
    let title: String
    /// What stands beside the title.
    let note: String
    let rows: [TerminalLine]
    /// How many there are in all; the daemon names only some.
    let total: Int
    /// Rows that are worth little without each other.
    let least: Int

    /// - Parameters:
    ///   - title: One word or two.
    ///   - note: Beside it.
    ///   - rows: The most important first.
    ///   - total: All there are, those that have no row too.
    ///   - least: Rows that are worth little without each other.
    init(_ title: String, note: String = "", rows: [TerminalLine], total: Int? = nil, least: Int = 1) {
        (self.title, self.note, self.rows) = (title, note, rows)
        self.least = min(least, rows.count)
        self.total = max(total ?? rows.count, rows.count)
    }

    /// The section in this many lines below its title.
    ///
    /// - Parameter height: 1 or more.
    /// - Returns: The title and at most `height` lines; the last says how many are left out.
    func lines(height: Int) -> [TerminalLine] {
        var title = TerminalLine((self.title, .bold))
        if !self.note.isEmpty { title.append("  \(self.note)", .grey) }
        var shown = Array(self.rows.prefix(height))
        guard self.total > shown.count else { return [title] + shown }
        if shown.count == height, height > 1 { shown.removeLast() }
        let more = "… and \(PlainWords.number(self.total - shown.count)) more"
        if height > 1 {
            shown.append(TerminalLine(("  \(more)", .grey)))
        } else {
            title.append("  \(more)", .grey)
        }
        return [title] + shown
    }

    /// Lines below the title that it would like to have.
    var wantedHeight: Int { self.rows.count + (self.total > self.rows.count ? 1 : 0) }
}
