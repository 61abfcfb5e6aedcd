import Ingest

/// What the child that parses HTML writes to its parent: one frame a block, and an end frame so that a child that
/// died half-way is noticed.
///
/// A frame is one byte that says what it is (`T` title, `1` to `6` heading, `P` paragraph, `C` preformatted, `E` end),
/// the length of its text as 4 bytes, big-endian, and the text in UTF-8.
enum BlockFrame: Equatable {
    /// Bytes of the longest text that a frame holds.
    static let longestText = 1 << 24

    case title(String)
    case block(TextBlock.Kind, String)
    case end

    /// Appends the frame's bytes; a text longer than a frame holds becomes several frames.
    func encode(into output: inout [UInt8]) {
        let (tag, text) =
            switch self {
            case .title(let text): ("T", text)
            case .block(.heading(let level), let text): ("\(min(max(level, 1), 6))", text)
            case .block(.paragraph, let text): ("P", text)
            case .block(.preformatted, let text): ("C", text)
            case .end: ("E", "")
            }
        var rest = Array(text.utf8)[...]
        repeat {
            let part = rest.prefix(Self.longestText)
            output += tag.utf8
            let length = UInt32(part.count)
            output += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
            output += part
            rest = rest[part.endIndex...]
        } while !rest.isEmpty
    }
}
