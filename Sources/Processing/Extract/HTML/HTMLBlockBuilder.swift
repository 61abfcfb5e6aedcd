import Ingest

/// Makes blocks of the elements and text that an HTML parser reports.
///
/// Pure, and bounded: it keeps the block at hand, which is handed over at `longestBlock` bytes, and no stack.
struct HTMLBlockBuilder {
    /// Bytes of one block after which it is ended, at white space.
    private static let longestBlock = 1 << 18
    /// Bytes of a title that are kept.
    private static let longestTitle = 2_048
    /// Bytes of a cell from which on its paragraphs are paragraphs, as in pages laid out with tables.
    private static let longestCell = 400

    /// What the builder hands over.
    enum Output: Equatable {
        case title(String)
        case block(TextBlock.Kind, String)
    }

    private enum Mode {
        case text(TextBlock.Kind)
        case preformatted
        case row
    }

    private var mode = Mode.text(.paragraph)
    private var block: [UInt8] = []
    private var hasGap = false
    private var breaks = 0
    private var prefix = ""
    /// Rows of the table at hand, one a line.
    private var rows: [UInt8] = []
    private var rowCount = 0
    private var cellBytes = 0
    private var title: [UInt8]?
    private var isTitleDone = false
    /// The element whose content is skipped, and how many of its name are open.
    private var skipped: (name: String, depth: Int)?

    /// An element begins.
    ///
    /// - Parameters:
    ///   - name: In lower case.
    ///   - isHidden: Whether its attributes say that no reader sees it, or that it is navigation.
    ///   - emit: Takes what became complete.
    mutating func start(_ name: String, isHidden: Bool, emit: (Output) -> Void) {
        if let skipped = self.skipped {
            if skipped.name == name { self.skipped?.depth += 1 }
            return
        }
        let element = HTMLElement(named: name)
        if element == .skipped || isHidden && name != "html" && name != "body" {
            self.skipped = (name, 1)
            return
        }
        switch element {
        case .title: if !self.isTitleDone { self.title = [] }
        case .heading(let level): self.begin(.text(.heading(level: level)), emit)
        case .preformatted: self.begin(.preformatted, emit)
        case .listItem:
            self.begin(.text(.paragraph), emit)
            if name == "li" { self.prefix = "- " }
        case .table, .block: self.begin(.text(.paragraph), emit)
        case .tableRow: self.beginRow(emit)
        case .tableCell: self.beginCell()
        case .paragraph: self.endParagraph(emit)
        case .lineBreak: self.breakLine(emit)
        case .inline, .skipped: break
        }
    }

    /// An element ends; the parser has closed what was open inside it.
    mutating func end(_ name: String, emit: (Output) -> Void) {
        if let skipped = self.skipped {
            guard skipped.name == name else { return }
            self.skipped = skipped.depth > 1 ? (name, skipped.depth - 1) : nil
            return
        }
        switch HTMLElement(named: name) {
        case .title: self.endTitle(emit)
        case .paragraph: self.endParagraph(emit)
        case .tableRow: self.endRow(emit)
        case .heading, .preformatted, .listItem, .table, .block: self.begin(.text(.paragraph), emit)
        case .tableCell, .lineBreak, .inline, .skipped: break
        }
    }

    /// Text of the element at hand, UTF-8; a scalar is never divided between two calls.
    mutating func text(_ bytes: UnsafeBufferPointer<UInt8>, emit: (Output) -> Void) {
        guard self.skipped == nil else { return }
        if let title = self.title {
            if title.count + bytes.count <= Self.longestTitle { self.title?.append(contentsOf: bytes) }
            return
        }
        if case .preformatted = self.mode {
            self.block.append(contentsOf: bytes)
            if self.block.count >= Self.longestBlock { self.flush(emit) }
            return
        }
        for byte in bytes { self.append(byte, emit) }
    }

    /// The document ends.
    mutating func finish(emit: (Output) -> Void) {
        self.endTitle(emit)
        self.begin(.text(.paragraph), emit)
    }

    private mutating func append(_ byte: UInt8, _ emit: (Output) -> Void) {
        switch byte {
        case 0x20, 0x09...0x0D:
            self.hasGap = true
            if self.block.count >= Self.longestBlock { self.flush(emit) }
        default:
            if self.hasGap, !self.block.isEmpty { self.block.append(0x20) }
            self.hasGap = false
            self.breaks = 0
            self.block.append(byte)
            self.cellBytes += 1
        }
    }

    private mutating func begin(_ mode: Mode, _ emit: (Output) -> Void) {
        self.flush(emit)
        self.flushRows(emit)
        self.prefix = ""
        self.mode = mode
    }

    private mutating func endParagraph(_ emit: (Output) -> Void) {
        switch self.mode {
        case .row where self.cellBytes < Self.longestCell, .preformatted:
            self.hasGap = true
        case .row:
            self.flush(emit)
            self.cellBytes = Self.longestCell
        case .text(.heading):
            self.hasGap = true
        case .text:
            self.flush(emit)
        }
    }

    private mutating func breakLine(_ emit: (Output) -> Void) {
        if case .preformatted = self.mode {
            self.block.append(0x0A)
            return
        }
        self.hasGap = true
        self.breaks += 1
        if self.breaks >= 2, case .text(.paragraph) = self.mode { self.flush(emit) }
    }

    private mutating func beginRow(_ emit: (Output) -> Void) {
        self.flush(emit)
        self.mode = .row
        self.cellBytes = 0
    }

    private mutating func beginCell() {
        guard case .row = self.mode else { return }
        if !self.block.isEmpty { self.block += " |".utf8 }
        self.hasGap = true
        self.cellBytes = 0
    }

    private mutating func endRow(_ emit: (Output) -> Void) {
        guard case .row = self.mode else {
            self.flush(emit)
            return
        }
        if !self.block.isEmpty {
            if !self.rows.isEmpty { self.rows.append(0x0A) }
            self.rows += self.block
            self.rowCount += 1
            self.block.removeAll(keepingCapacity: true)
        }
        self.hasGap = false
        self.mode = .text(.paragraph)
        if self.rows.count >= Self.longestBlock { self.flushRows(emit) }
    }

    private mutating func flushRows(_ emit: (Output) -> Void) {
        guard !self.rows.isEmpty else { return }
        let kind: TextBlock.Kind = self.rowCount > 1 ? .preformatted : .paragraph
        emit(.block(kind, String(decoding: self.rows, as: UTF8.self)))
        self.rows.removeAll(keepingCapacity: true)
        self.rowCount = 0
    }

    private mutating func flush(_ emit: (Output) -> Void) {
        self.hasGap = false
        self.breaks = 0
        guard self.block.contains(where: { $0 > 0x20 }) else {
            self.block.removeAll(keepingCapacity: true)
            return
        }
        self.flushRows(emit)
        let text = self.prefix + Self.withoutPermalink(String(decoding: self.block, as: UTF8.self))
        self.prefix = ""
        self.block.removeAll(keepingCapacity: true)
        switch self.mode {
        case .text(.heading(let level)): emit(.block(.heading(level: level), text))
        case .text(let kind): emit(.block(kind, text))
        case .preformatted: emit(.block(.preformatted, text))
        case .row: emit(.block(.paragraph, text))
        }
    }

    private mutating func endTitle(_ emit: (Output) -> Void) {
        guard let title = self.title else { return }
        self.title = nil
        let text = CleanText.line(String(decoding: title, as: UTF8.self))
        if !text.isEmpty {
            self.isTitleDone = true
            emit(.title(text))
        }
    }

    /// Documentation generators end headings and terms with a link to themselves.
    private static func withoutPermalink(_ text: String) -> String {
        text.hasSuffix("¶") ? String(text.dropLast()) : text
    }
}
