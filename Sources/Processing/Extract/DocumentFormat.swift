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
    /// Word's (DOCX).
    case wordDocument
    /// PowerPoint's (PPTX).
    case slides
    /// Text (ODT) and presentations (ODP) of OpenDocument.
    case openDocument
    /// Excel's (XLSX).
    case workbook
    /// Sheets of OpenDocument (ODS).
    case openDocumentSheets
    /// EPUB.
    case book
    case richText
    /// Word's before 2007 (DOC).
    case oldWordDocument
    /// Excel's before 2007 (XLS).
    case oldWorkbook
    case image
    /// What has not been identified yet.
    case unknown

    /// The format of a media type without parameters; nil for one that has no text to extract.
    package init?(mediaType: String) {
        switch mediaType {
        case "text/markdown": self = .markdown
        case "text/html", "application/xhtml+xml": self = .html
        case "application/pdf": self = .pdf
        case "application/vnd.openxmlformats-officedocument.wordprocessingml.document": self = .wordDocument
        case "application/vnd.openxmlformats-officedocument.presentationml.presentation": self = .slides
        case "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.presentation":
            self = .openDocument
        case "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": self = .workbook
        case "application/vnd.oasis.opendocument.spreadsheet": self = .openDocumentSheets
        case "application/vnd.ms-excel": self = .oldWorkbook
        case "application/epub+zip": self = .book
        case "application/rtf": self = .richText
        case "application/msword": self = .oldWordDocument
        case "image/png", "image/jpeg", "image/tiff", "image/webp", "image/gif": self = .image
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
        case .wordDocument, .oldWordDocument: "Word document"
        case .slides: "presentation"
        case .workbook, .oldWorkbook: "workbook"
        case .openDocument, .openDocumentSheets: "OpenDocument file"
        case .book: "EPUB book"
        case .richText: "RTF document"
        case .image: "image"
        case .unknown: "file"
        }
    }
}
