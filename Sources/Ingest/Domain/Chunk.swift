/// A passage of a document: the unit that is embedded, stored and found.
package struct Chunk: Equatable, Sendable {
    /// Position in the document, from 0, without gaps.
    package var index: Int
    /// Never empty, never begins or ends with white space.
    package var text: String
    /// Length in tokens of the embedder.
    package var tokens: Int
    /// The page it begins on, counted from 1.
    package var page: Int?
    /// The name of the sheet it begins on.
    package var sheet: String?
    /// The headings it stands under, outermost first.
    package var headingPath: [String]

    package init(
        index: Int,
        text: String,
        tokens: Int,
        page: Int? = nil,
        sheet: String? = nil,
        headingPath: [String] = []
    ) {
        self.index = index
        self.text = text
        self.tokens = tokens
        self.page = page
        self.sheet = sheet
        self.headingPath = headingPath
    }
}
