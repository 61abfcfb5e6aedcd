/// Which document: stays the same when its content, its name or its place in the source change.
package struct DocumentID: Hashable, Sendable, CustomStringConvertible {
    package let pipeline: PipelineID
    /// `file.id` on the wire; unique within its pipeline.
    package let file: String

    package var description: String { "\(self.pipeline)/\(self.file)" }

    package init(pipeline: PipelineID, file: String) {
        self.pipeline = pipeline
        self.file = file
    }
}

/// A document as its source lists it, before anyone has read its content.
package struct SourceDocument: Hashable, Sendable {
    package let id: DocumentID
    /// The last component of `path`.
    package var name: String
    /// Where it lies below the watch location, components separated by `/`.
    package var path: String
    /// Where a person can open it: `file:///…` or a web address.
    package var url: String
    /// Bytes; nil when the source does not say.
    package var size: Int?
    /// What the source believes the content is; nil when it has no opinion.
    package var mimeType: String?
    /// Opaque to all but the source: equal fingerprints mean that the content need not be read again.
    package var fingerprint: String

    package init(
        id: DocumentID,
        name: String,
        path: String,
        url: String,
        size: Int?,
        mimeType: String? = nil,
        fingerprint: String
    ) {
        self.id = id
        self.name = name
        self.path = path
        self.url = url
        self.size = size
        self.mimeType = mimeType
        self.fingerprint = fingerprint
    }
}

/// What a source noticed about one document.
package enum Change: Hashable, Sendable {
    /// It is new, its content may have changed, or it moved.
    case upserted(SourceDocument)
    /// It is gone from the source.
    case removed(DocumentID)

    package var document: DocumentID {
        switch self {
        case .upserted(let document): document.id
        case .removed(let id): id
        }
    }
}

/// A document's content as a file on this machine, ready to be read.
package struct FetchedContent: Hashable, Sendable {
    /// Absolute path of the file to read.
    package let filePath: String
    /// SHA-256 of the content, 64 lower-case hexadecimal digits.
    package let contentHash: String
    /// Bytes.
    package let size: Int
    /// Whether the file was made for this fetch; `Source.release` deletes it.
    package let isTemporary: Bool
    /// What the content's name ends with where the document's own name does not tell: `md`.
    package let fileExtension: String?
    /// The document's name, for what is said of a file that says nothing itself; the pipeline sets it.
    package var name: String?

    package init(
        filePath: String,
        contentHash: String,
        size: Int,
        isTemporary: Bool,
        fileExtension: String? = nil
    ) {
        self.filePath = filePath
        self.contentHash = contentHash
        self.size = size
        self.isTemporary = isTemporary
        self.fileExtension = fileExtension
    }
}
