/// Takes the marks out of a Markdown paragraph that cost tokens and say nothing: addresses of links and pictures,
/// emphasis, code marks, tags, comments, escapes.
///
/// What is in doubt stays. One pass over the bytes; no input makes it slower than linear.
struct MarkdownInline {
    private let bytes: [UInt8]
    private var index = 0
    private var output: [UInt8] = []
    /// Where in the output the brackets that are still open stand.
    private var brackets: [Int] = []
    /// From here on no code mark of this length closes; keyed by length.
    private var unclosedCode: Set<Int> = []
    private var hasNoCommentEnd = false

    /// The text that a reader sees.
    static func plain(_ text: String) -> String {
        guard text.utf8.contains(where: { Self.marks.contains($0) }) else { return text }
        var inline = MarkdownInline(bytes: Array(text.utf8))
        inline.run()
        return String(decoding: inline.output.lazy.filter { $0 != Self.removed }, as: UTF8.self)
    }

    /// Stands in the output for what is taken out again; no text contains it.
    private static let removed: UInt8 = 0

    private static let marks = Set("\\`*_[]<&".utf8)

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func run() {
        while self.index < self.bytes.count {
            let handled =
                switch self.bytes[self.index] {
                case UInt8(ascii: "\\"): self.takeEscape()
                case UInt8(ascii: "`"): self.takeCode()
                case UInt8(ascii: "*"), UInt8(ascii: "_"): self.takeEmphasis()
                case UInt8(ascii: "["): self.takeOpeningBracket()
                case UInt8(ascii: "]"): self.takeClosingBracket()
                case UInt8(ascii: "<"): self.takeTag()
                case UInt8(ascii: "&"): self.takeEntity()
                default: false
                }
            if !handled {
                self.output.append(self.bytes[self.index])
                self.index += 1
            }
        }
    }

    private func byte(at index: Int) -> UInt8? {
        self.bytes.indices.contains(index) ? self.bytes[index] : nil
    }

    private mutating func takeEscape() -> Bool {
        guard let next = self.byte(at: self.index + 1), Self.isPunctuation(next) else { return false }
        self.output.append(next)
        self.index += 2
        return true
    }

    /// `` `code` ``: what is inside stays as it is.
    private mutating func takeCode() -> Bool {
        let count = self.run(of: UInt8(ascii: "`"), at: self.index)
        let start = self.index + count
        guard !self.unclosedCode.contains(count) else { return self.takeLiteral(count) }
        var end = start
        while end < self.bytes.count {
            guard self.bytes[end] == UInt8(ascii: "`") else {
                end += 1
                continue
            }
            let closing = self.run(of: UInt8(ascii: "`"), at: end)
            if closing == count {
                self.output += self.bytes[start..<end]
                self.index = end + count
                return true
            }
            end += closing
        }
        self.unclosedCode.insert(count)
        return self.takeLiteral(count)
    }

    private mutating func takeLiteral(_ count: Int) -> Bool {
        self.output += self.bytes[self.index..<self.index + count]
        self.index += count
        return true
    }

    /// Drops a run of marks that opens or closes: beside a word on one side only.
    private mutating func takeEmphasis() -> Bool {
        let mark = self.bytes[self.index]
        let count = self.run(of: mark, at: self.index)
        let isWordBefore = self.byte(at: self.index - 1).map(Self.isWord) ?? false
        let isWordAfter = self.byte(at: self.index + count).map(Self.isWord) ?? false
        let before = self.byte(at: self.index - 1).map(Self.isSpace) ?? true
        let after = self.byte(at: self.index + count).map(Self.isSpace) ?? true
        let isInWord = isWordBefore && isWordAfter && (mark == UInt8(ascii: "_") || count == 1)
        let isEmphasis = before != after || !before && !isInWord
        guard count <= 3, isEmphasis else { return self.takeLiteral(count) }
        self.index += count
        return true
    }

    private mutating func takeOpeningBracket() -> Bool {
        self.brackets.append(self.output.count)
        return false
    }

    /// `](address)` and `][name]` end a link; its text stays, and a picture's description.
    private mutating func takeClosingBracket() -> Bool {
        guard let opening = self.brackets.popLast() else { return false }
        let end: Int?
        switch self.byte(at: self.index + 1) {
        case UInt8(ascii: "(")?: end = self.end(of: UInt8(ascii: ")"), from: self.index + 2)
        case UInt8(ascii: "[")?: end = self.end(of: UInt8(ascii: "]"), from: self.index + 2)
        default: end = nil
        }
        guard let end else { return false }
        self.output[opening] = Self.removed
        if opening > 0, self.output[opening - 1] == UInt8(ascii: "!") { self.output[opening - 1] = Self.removed }
        self.index = end
        return true
    }

    /// Behind the closing mark; stops at brackets, so that a row of openings is not searched again and again.
    private func end(of closing: UInt8, from start: Int) -> Int? {
        var index = start
        var depth = 0
        while let byte = self.byte(at: index) {
            if byte == closing, depth == 0 { return index + 1 }
            if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]") { return nil }
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            index += 1
        }
        return nil
    }

    private mutating func takeTag() -> Bool {
        if self.bytes[self.index...].starts(with: "<!--".utf8) { return self.takeComment() }
        guard let tag = MarkdownTag(self.bytes[self.index...]) else { return false }
        self.output += tag.replacement
        self.index += tag.length
        return true
    }

    private mutating func takeComment() -> Bool {
        guard !self.hasNoCommentEnd else { return false }
        guard let end = self.bytes[(self.index + 4)...].firstRange(of: Array("-->".utf8)) else {
            self.hasNoCommentEnd = true
            return false
        }
        self.index = end.upperBound
        return true
    }

    private mutating func takeEntity() -> Bool {
        for (name, text) in [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", " ")]
        where self.bytes[self.index...].starts(with: name.utf8) {
            self.output += text.utf8
            self.index += name.utf8.count
            return true
        }
        return false
    }

    private func run(of byte: UInt8, at index: Int) -> Int {
        self.bytes[index...].prefix { $0 == byte }.count
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
            true
        default: false
        }
    }

    private static func isPunctuation(_ byte: UInt8) -> Bool {
        (0x21..<0x7F).contains(byte) && !self.isWord(byte)
    }
}
