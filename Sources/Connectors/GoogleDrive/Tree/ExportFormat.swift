/// What Google's own documents are turned into.
package enum ExportFormat: String, Sendable, CaseIterable {
    case markdown
    case text
    case docx
    case xlsx
    case pptx

    package var mediaType: String {
        switch self {
        case .markdown: "text/markdown"
        case .text: "text/plain"
        case .docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        case .pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation"
        }
    }

    /// The ending that names of such files have.
    package var fileExtension: String {
        switch self {
        case .markdown: "md"
        case .text: "txt"
        case .docx, .xlsx, .pptx: self.rawValue
        }
    }
}

/// The formats of each kind of Google document; nil leaves a kind alone.
package struct ExportFormats: Equatable, Sendable {
    package var documents: ExportFormat?
    package var spreadsheets: ExportFormat?
    package var presentations: ExportFormat?

    package init(
        documents: ExportFormat? = .markdown,
        spreadsheets: ExportFormat? = .xlsx,
        presentations: ExportFormat? = .text
    ) {
        self.documents = documents
        self.spreadsheets = spreadsheets
        self.presentations = presentations
    }

    /// How a file's content is had.
    package enum Content: Equatable, Sendable {
        /// As it is.
        case binary
        case export(ExportFormat)
        /// It has none: a form, a map, a kind that is left alone.
        case none
    }

    package func content(of mimeType: String) -> Content {
        let google = "application/vnd.google-apps."
        guard mimeType.hasPrefix(google) else { return .binary }
        let format: ExportFormat? =
            switch mimeType.dropFirst(google.count) {
            case "document": self.documents
            case "spreadsheet": self.spreadsheets
            case "presentation": self.presentations
            default: nil
            }
        return format.map { .export($0) } ?? .none
    }
}
