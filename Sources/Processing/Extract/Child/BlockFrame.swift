import Ingest

/// What a child that parses by itself writes to its parent: one frame a block or row, and an end frame so that a child
/// that died half-way is noticed.
///
/// A frame is one byte that says what it is, the length of its content as 4 bytes, big-endian, and the content:
///
/// | byte | content |
/// |---|---|
/// | `T` | the title |
/// | `1` to `6` | a heading of this level |
/// | `P`, `C` | a paragraph; preformatted text |
/// | `G` | the number of the page on which the blocks that follow are, in decimal digits; empty for none |
/// | `S` | the name of the sheet on which blocks and tables that follow are; empty for none |
/// | `H` | a table begins: `CellCoding` of its columns' names, empty where they have none |
/// | `R` | a row of that table: `CellCoding` |
/// | `E` | the end |
enum BlockFrame: Equatable {
    /// Bytes of the longest content that a frame holds.
    static let longestText = 1 << 24

    case title(String)
    case block(TextBlock.Kind, String)
    case page(Int?)
    case sheet(String?)
    case columns([String])
    case row([TableCell])
    case end

    /// Appends the frame's bytes; a text longer than a frame holds becomes several frames.
    func encode(into output: inout [UInt8]) {
        switch self {
        case .title(let text): Self.append("T", text.utf8, to: &output)
        case .block(.heading(let level), let text): Self.append("\(min(max(level, 1), 6))", text.utf8, to: &output)
        case .block(.paragraph, let text): Self.append("P", text.utf8, to: &output)
        case .block(.preformatted, let text): Self.append("C", text.utf8, to: &output)
        case .page(let page): Self.append("G", (page.map { "\($0)" } ?? "").utf8, to: &output)
        case .sheet(let name): Self.append("S", (name ?? "").utf8.prefix(Self.longestText), to: &output)
        case .columns(let names): Self.append("H", names.map { $0.isEmpty ? .empty : .text($0) }, to: &output)
        case .row(let cells): Self.append("R", cells, to: &output)
        case .end: Self.append("E", [], to: &output)
        }
    }

    private static func append(_ tag: String, _ content: some Collection<UInt8>, to output: inout [UInt8]) {
        var rest = Array(content)[...]
        repeat {
            let part = rest.prefix(Self.longestText)
            output += tag.utf8
            Self.append(length: part.count, to: &output)
            output += part
            rest = rest[part.endIndex...]
        } while !rest.isEmpty
    }

    /// Cells past what a frame holds are left out.
    private static func append(_ tag: String, _ cells: [TableCell], to output: inout [UInt8]) {
        output += tag.utf8
        let start = output.count
        Self.append(length: 0, to: &output)
        for cell in cells {
            let end = output.count
            CellCoding.encode(cell, into: &output)
            guard output.count - start - 4 <= Self.longestText else {
                output.removeLast(output.count - end)
                break
            }
        }
        var length: [UInt8] = []
        Self.append(length: output.count - start - 4, to: &length)
        output.replaceSubrange(start..<start + 4, with: length)
    }

    private static func append(length: Int, to output: inout [UInt8]) {
        let length = UInt32(truncatingIfNeeded: length)
        output += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
    }
}
