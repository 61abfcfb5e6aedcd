/// An HTML tag or an address in angle brackets at the beginning of Markdown text.
struct MarkdownTag {
    /// Bytes of the longest tag that is looked for.
    private static let longest = 1_000

    /// Bytes that it takes up, brackets included.
    let length: Int
    /// What a reader sees in its place.
    let replacement: [UInt8]

    /// Nil where there is none: names that are not of HTML are placeholders and stay.
    init?(_ bytes: ArraySlice<UInt8>) {
        let scanned = bytes.prefix(Self.longest)
        let content = scanned.dropFirst().prefix { $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "<") }
        guard content.endIndex < scanned.endIndex, scanned[content.endIndex] == UInt8(ascii: ">") else { return nil }
        self.length = content.count + 2

        let isClosing = content.first == UInt8(ascii: "/")
        let name = content.dropFirst(isClosing ? 1 : 0).prefix { Self.isNameByte($0) }
        if Self.known.contains(String(decoding: name, as: UTF8.self).lowercased()),
            content[name.endIndex...].first.map({ $0 == 0x20 || $0 == 0x0A || $0 == UInt8(ascii: "/") }) ?? true
        {
            self.replacement =
                Self.separating.contains(String(decoding: name, as: UTF8.self).lowercased()) ? [0x20] : []
        } else if content.contains(UInt8(ascii: ":")) || content.contains(UInt8(ascii: "@")),
            !content.contains(0x20), !content.contains(0x0A)
        {
            self.replacement = Array(content)
        } else {
            return nil
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(byte)
    }

    private static let separating: Set<String> = [
        "br", "p", "div", "tr", "td", "th", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "summary",
        "details", "hr",
    ]

    private static let known: Set<String> = Self.separating.union([
        "a", "b", "blockquote", "caption", "center", "code", "del", "em", "font", "i", "img", "ins", "kbd", "mark",
        "picture", "pre", "s", "samp", "small", "source", "span", "strong", "sub", "sup", "tbody", "thead", "u", "var",
        "video",
    ])
}
