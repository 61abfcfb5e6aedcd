import Ingest

/// Makes blocks of Markdown: headings, code, tables, list items and paragraphs.
///
/// A line scanner, not a parser: it finds the structure that retrieval uses, and shows as text what it does not know.
struct MarkdownScanner: LineScanner {
    /// What the lines at hand are going to be.
    private enum Open {
        case paragraph
        case indentedCode
        case table
        case fenced(MarkdownLine.Fence)
        case comment
    }

    private var isFirstLine = true
    private var frontMatter: FrontMatter?
    private var open = Open.paragraph
    private var block = ""
    private var isInList = false

    mutating func append(_ line: String, to collector: inout BlockCollector) throws(ExtractionError) {
        if self.isFirstLine {
            self.isFirstLine = false
            self.frontMatter = FrontMatter(firstLine: line)
            if self.frontMatter != nil { return }
        } else if let step = self.frontMatter?.append(line) {
            switch step {
            case .taken: return
            case .complete(let title):
                self.frontMatter = nil
                if let title { collector.setTitle(title) }
            case .rejected(let lines):
                self.frontMatter = nil
                for line in lines { try self.scan(line, to: &collector) }
            }
            return
        }
        try self.scan(line, to: &collector)
    }

    mutating func finish(_ collector: inout BlockCollector) throws(ExtractionError) {
        if let lines = self.frontMatter?.abandoned() {
            self.frontMatter = nil
            for line in lines { try self.scan(line, to: &collector) }
        }
        try self.close(&collector)
    }

    private mutating func scan(_ line: String, to collector: inout BlockCollector) throws(ExtractionError) {
        switch self.open {
        case .fenced(let fence): try self.scanCode(line, in: fence, to: &collector)
        case .comment:
            if line.utf8.firstRange(of: "-->".utf8) != nil { self.open = .paragraph }
        case .paragraph, .indentedCode, .table: try self.scanText(line, to: &collector)
        }
    }

    private mutating func scanCode(
        _ line: String,
        in fence: MarkdownLine.Fence,
        to collector: inout BlockCollector
    ) throws(ExtractionError) {
        if case .fence(let closing, isBare: true) = MarkdownLine(line[...]), closing.character == fence.character,
            closing.count >= fence.count
        {
            try self.close(&collector)
        } else {
            self.add(line)
        }
    }

    private mutating func scanText(_ line: String, to collector: inout BlockCollector) throws(ExtractionError) {
        let (indentation, content) = Self.unquoted(line)
        if self.beginsComment(content) {
            try self.close(&collector)
            if content.utf8.firstRange(of: "-->".utf8) == nil { self.open = .comment }
            return
        }
        let shape = MarkdownLine(content)
        if shape != .blank, indentation >= 4, self.isCode(shape) {
            try self.become(.indentedCode, to: &collector)
            self.add(line)
            return
        }
        switch shape {
        case .blank: try self.close(&collector)
        case .heading(let level, let text): try self.addHeading(level, text, to: &collector)
        case .underline(let level): try self.underline(level, content, to: &collector)
        case .rule: try self.close(&collector)
        case .fence(let fence, _):
            try self.close(&collector)
            self.open = .fenced(fence)
        case .listItem(let text):
            try self.close(&collector)
            self.isInList = true
            self.add(text)
        case .tableRow(let text):
            try self.become(.table, to: &collector)
            self.add(MarkdownInline.plain(text))
        case .tableRule, .linkDefinition:
            if self.block.isEmpty { return }
            if case .linkDefinition = shape { self.add(String(content)) }
        case .text(let text): try self.addText(text, indentation: indentation, to: &collector)
        }
    }

    /// Whether an indented line is code: not where it goes on with a paragraph or a list.
    private func isCode(_ shape: MarkdownLine) -> Bool {
        if case .indentedCode = self.open { return true }
        return self.block.isEmpty && !self.isInList
    }

    /// Whether a line is a comment from its beginning to its end, or to that of a later line.
    private func beginsComment(_ content: Substring) -> Bool {
        guard content.hasPrefix("<!--") else { return false }
        guard let end = content.utf8.firstRange(of: "-->".utf8) else { return true }
        return content.utf8[end.upperBound...].allSatisfy { $0 == 0x20 || $0 == 0x09 }
    }

    private mutating func addText(
        _ text: String,
        indentation: Int,
        to collector: inout BlockCollector
    ) throws(ExtractionError) {
        try self.become(.paragraph, to: &collector)
        if self.block.isEmpty, indentation == 0 { self.isInList = false }
        self.add(text)
    }

    private mutating func addHeading(
        _ level: Int,
        _ text: String,
        to collector: inout BlockCollector
    ) throws(ExtractionError) {
        try self.close(&collector)
        self.isInList = false
        let heading = MarkdownInline.plain(text)
        if level == 1 { collector.setTitle(heading) }
        try collector.append(.heading(level: level), heading)
    }

    private mutating func underline(
        _ level: Int,
        _ content: Substring,
        to collector: inout BlockCollector
    ) throws(ExtractionError) {
        if case .paragraph = self.open, !self.block.isEmpty, !self.isInList {
            let text = CleanText.line(self.block)
            self.block = ""
            try self.addHeading(level, text, to: &collector)
        } else if level == 2 {
            try self.close(&collector)
        } else {
            self.add(String(content))
        }
    }

    private mutating func add(_ line: String) {
        if !self.block.isEmpty { self.block += "\n" }
        self.block += line
    }

    /// Ends the block at hand unless it is already of this kind.
    private mutating func become(_ open: Open, to collector: inout BlockCollector) throws(ExtractionError) {
        switch (self.open, open) {
        case (.paragraph, .paragraph), (.indentedCode, .indentedCode), (.table, .table): break
        default:
            try self.close(&collector)
            self.open = open
        }
    }

    private mutating func close(_ collector: inout BlockCollector) throws(ExtractionError) {
        let text = self.block
        let open = self.open
        self.block = ""
        self.open = .paragraph
        guard !text.isEmpty else { return }
        switch open {
        case .paragraph, .comment: try collector.append(.paragraph, MarkdownInline.plain(text))
        case .indentedCode, .table, .fenced: try collector.append(.preformatted, text)
        }
    }

    /// The columns a line is indented by, and the line without indentation and quote marks.
    private static func unquoted(_ line: String) -> (indentation: Int, content: Substring) {
        var content = line[...]
        var indentation = 0
        while let first = content.utf8.first {
            switch first {
            case 0x20: indentation += 1
            case 0x09: indentation += 4 - indentation % 4
            case UInt8(ascii: ">") where indentation < 4: indentation = -1
            default: return (max(indentation, 0), content)
            }
            content = Substring(content.utf8.dropFirst())
        }
        return (max(indentation, 0), content)
    }
}
