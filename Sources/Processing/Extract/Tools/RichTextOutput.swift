/// Takes the HTML that unrtf makes, in which each paragraph is ended by a break, and makes paragraphs of them.
struct RichTextOutput: ChildOutput {
    private static let lineBreak = Array("<br>\n".utf8)
    private static let paragraph = Array("<p>\n".utf8)

    private var page: [UInt8] = []
    /// How many bytes at the end of the page may begin a break.
    private var matched = 0

    mutating func append(_ bytes: [UInt8]) {
        for byte in bytes {
            self.page.append(byte)
            if byte == Self.lineBreak[self.matched] {
                self.matched += 1
            } else {
                self.matched = byte == Self.lineBreak[0] ? 1 : 0
            }
            guard self.matched == Self.lineBreak.count else { continue }
            self.page.removeLast(self.matched)
            self.page += Self.paragraph
            self.matched = 0
        }
    }

    func finish() -> [UInt8] { self.page }
}
