/// A document's text with as much of its structure as retrieval can use.
package struct ExtractedText: Equatable, Sendable {
    /// The title that the document gives itself, if any.
    package var title: String?
    /// In reading order; none is empty.
    package var blocks: [TextBlock]
    /// Nil for a document that is no table and has none.
    package var tables: DocumentTables?

    /// Length of all text, in Unicode scalars (`content_length` on the wire).
    package var contentLength: Int { self.blocks.reduce(0) { $0 + $1.text.unicodeScalars.count } }

    package init(title: String? = nil, blocks: [TextBlock], tables: DocumentTables? = nil) {
        self.title = title
        self.blocks = blocks
        self.tables = tables
    }
}

/// One paragraph, heading, list item, table row or block of code.
package struct TextBlock: Equatable, Sendable, Codable {
    package enum Kind: Equatable, Sendable, Codable {
        /// A heading; level 1 is the highest.
        case heading(level: Int)
        /// Running text; line breaks inside are not meaningful.
        case paragraph
        /// Text whose line breaks are meaningful: code, preformatted text, tables.
        case preformatted
    }

    package var kind: Kind
    package var text: String
    /// The page it begins on, counted from 1; nil where the format has no pages.
    package var page: Int?
    /// The name of the sheet it is on; nil where the format has no sheets.
    package var sheet: String?

    package init(kind: Kind, text: String, page: Int? = nil, sheet: String? = nil) {
        self.kind = kind
        self.text = text
        self.page = page
        self.sheet = sheet
    }
}
