/// One line for a terminal: pieces with styles, and perhaps one at the right margin.
struct TerminalLine: Equatable, Sendable {
    /// How a piece looks; the raw values are what "select graphic rendition" takes.
    enum Style: String, Sendable {
        case red = "31"
        case green = "32"
        case yellow = "33"
        case blue = "34"
        case cyan = "36"
        case grey = "90"
        case bold = "1"
        case plain = "0"
    }

    struct Piece: Equatable, Sendable {
        var text: String
        var style: Style
    }

    /// The fewest columns that stay for what stands at the left.
    private static let leastLeft = 30

    private(set) var pieces: [Piece]
    private var right: Piece?

    /// - Parameters:
    ///   - pieces: Text with its style; nothing in it steers the terminal.
    ///   - right: What stands at the right margin, where there is room for it.
    init(_ pieces: (String, Style)..., right: String = "") {
        self.pieces = pieces.map { Piece(text: $0.0, style: $0.1) }
        self.right = right.isEmpty ? nil : Piece(text: right, style: .grey)
    }

    static let empty = TerminalLine()

    mutating func append(_ text: String, _ style: Style = .plain) {
        self.pieces.append(Piece(text: text, style: style))
    }

    /// The line as it is written, without its end.
    ///
    /// - Parameters:
    ///   - width: Columns that there are; what does not fit ends in an ellipsis.
    ///   - isColoured: Whether styles may be used.
    /// - Returns: Never wider than `width`.
    func rendered(width: Int, isColoured: Bool) -> String {
        var right = self.right
        let rightWidth = right.map { TerminalText.width(of: $0.text) + 2 } ?? 0
        if width - rightWidth < Self.leastLeft { right = nil }
        let room = max(0, width - (right == nil ? 0 : rightWidth))
        var left = room
        var line = ""
        for piece in self.pieces where left > 0 {
            let text = TerminalText.clipped(piece.text, to: left)
            left -= TerminalText.width(of: text)
            line += Self.painted(text, piece.style, isColoured)
            if text != piece.text { break }
        }
        guard let right else { return line }
        return line + String(repeating: " ", count: left + 2) + Self.painted(right.text, right.style, isColoured)
    }

    private static func painted(_ text: String, _ style: Style, _ isColoured: Bool) -> String {
        isColoured && style != .plain ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}
