/// Turns a file's bytes into text.
///
/// Content is untrusted: whatever is in the file, `extract` returns or throws within bounds of time and memory.
package protocol Extractor: Sendable {
    /// What the content is, judged by its bytes first and its name second.
    ///
    /// - Throws: A `DocumentError` when the file cannot be read.
    func identify(_ content: FetchedContent, name: String) async throws -> ContentIdentification

    /// Extracts the text of content that `identify` called `.supported` with this media type.
    ///
    /// - Returns: At least one block.
    /// - Throws: A `DocumentError`; a document without any text is one (`NoText`).
    func extract(_ content: FetchedContent, mediaType: String) async throws -> ExtractedText
}

/// Whether a file's text can be extracted.
package enum ContentIdentification: Equatable, Sendable {
    /// The media type without parameters: `text/markdown`.
    case supported(mediaType: String)
    /// Nothing to extract; the reason is shown to people: `unsupported type 'video/mp4'`, `empty file`.
    case skipped(reason: String)
}
