/// The ways there are to get text out of a file.
package enum DocumentFormat: String, Equatable, Sendable {
    /// Prose: paragraphs between blank lines.
    case plainText
    /// Code and data, where line breaks carry meaning.
    case sourceText
    case markdown
    /// Delimited values: a table.
    case csv
    /// One JSON value, or one after another.
    case json
    case xml
    /// A message with its headers, as mail programs save it.
    case mail
    case html
    case pdf

    /// The format of a media type without parameters; nil for one that has no text to extract.
    package init?(mediaType: String) {
        switch mediaType {
        case "text/markdown": self = .markdown
        case "text/html", "application/xhtml+xml": self = .html
        case "application/pdf": self = .pdf
        case "application/json": self = .json
        case "application/xml": self = .xml
        case "message/rfc822": self = .mail
        case "text/csv", "text/tab-separated-values": self = .csv
        case _ where TextMediaType.prose.contains(mediaType): self = .plainText
        case _ where TextMediaType.isText(mediaType): self = .sourceText
        default: return nil
        }
    }

    /// What people call a file of this format.
    var name: String {
        switch self {
        case .plainText, .sourceText: "text file"
        case .markdown: "Markdown file"
        case .html: "HTML page"
        case .csv: "table"
        case .json: "JSON file"
        case .xml: "XML file"
        case .mail: "e-mail"
        case .pdf: "PDF"
        }
    }
}
