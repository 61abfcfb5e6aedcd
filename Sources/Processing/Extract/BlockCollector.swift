import Ingest

/// Gathers what one document yields, cleaned, within the limits.
struct BlockCollector: Sendable {
    /// Bytes of a title or another name that are kept.
    private static let longestTitle = 512

    private let textLimit: Int
    private let blockLimit: Int
    private var title: String?
    private var blocks: [TextBlock] = []
    private var textBytes = 0

    /// Whether no text was taken in yet.
    var isEmpty: Bool { self.blocks.isEmpty }

    init(limits: ExtractionLimits) {
        self.textLimit = limits.textBytes
        self.blockLimit = limits.blocks
    }

    /// Takes a block in; one without any text is dropped.
    mutating func append(
        _ kind: TextBlock.Kind,
        _ text: String,
        page: Int? = nil,
        sheet: String? = nil
    ) throws(ExtractionError) {
        let cleaned = CleanText.block(text, keepsIndentation: kind == .preformatted)
        guard !cleaned.isEmpty else { return }
        self.textBytes += cleaned.utf8.count
        guard self.textBytes <= self.textLimit else { throw .tooMuchText(limit: self.textLimit) }
        guard self.blocks.count < self.blockLimit else { throw .tooManyBlocks(limit: self.blockLimit) }
        self.blocks.append(TextBlock(kind: kind, text: cleaned, page: page, sheet: sheet))
    }

    /// Takes the title in; the first one that is not blank counts.
    mutating func setTitle(_ text: String) {
        guard self.title == nil else { return }
        let title = Self.shortLine(text)
        if !title.isEmpty { self.title = title }
    }

    /// A text on one line of bounded length, cut between graphemes where it was longer.
    static func shortLine(_ text: String) -> String {
        var clipped = ""
        for character in CleanText.line(text) {
            guard clipped.utf8.count + character.utf8.count <= Self.longestTitle else { break }
            clipped.append(character)
        }
        return clipped
    }

    /// What was gathered.
    func result(_ format: DocumentFormat) throws(ExtractionError) -> ExtractedText {
        guard !self.blocks.isEmpty else { throw .noText(format) }
        return ExtractedText(title: self.title, blocks: self.blocks)
    }
}
