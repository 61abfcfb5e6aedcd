package import Ingest

/// Which documents a Drive has for the pipeline, and which of them differ from what was offered before.
package struct DriveDocuments: Sendable {
    private let pipeline: PipelineID
    private let filter: FileFilter
    private let exports: ExportFormats
    /// A hash of each document as it was offered last, by file id; all that is kept of it.
    private var offered: [String: Int]

    /// Begins with the ledger: what was offered in earlier runs.
    package init(pipeline: PipelineID, filter: FileFilter, exports: ExportFormats, known: [LedgerEntry]) {
        self.pipeline = pipeline
        self.filter = filter
        self.exports = exports
        self.offered = Dictionary(minimumCapacity: known.count)
        for entry in known { self.offered[entry.document.id.file] = Self.hash(of: entry.document) }
    }

    /// Whether a document was offered and is not gone since.
    package func isKnown(_ id: String) -> Bool { self.offered[id] != nil }

    /// How many documents are known.
    package var count: Int { self.offered.count }

    /// What has to be offered of these files, in the order of their ids.
    package mutating func changes(of ids: Set<String>, in tree: DriveTree) -> [Change] {
        ids.sorted().compactMap { id in
            guard let document = self.document(id, in: tree) else {
                return self.offered.removeValue(forKey: id).map { _ in
                    .removed(DocumentID(pipeline: self.pipeline, file: id))
                }
            }
            let hash = Self.hash(of: document)
            guard self.offered.updateValue(hash, forKey: id) != hash else { return nil }
            return .upserted(document)
        }
    }

    /// The files that were offered and do not belong to the tree.
    package func missing(in tree: DriveTree) -> Set<String> {
        Set(self.offered.keys.filter { self.document($0, in: tree) == nil })
    }

    /// The document of a file; nil if it is none, or not below the watched folders.
    package func document(_ id: String, in tree: DriveTree) -> SourceDocument? {
        guard let file = tree.file(id), let path = tree.path(ofFile: id),
            self.filter.reaches(file: RelativePath(path)),
            let fingerprint = DriveFingerprint(file, exports: self.exports, resourceKey: tree.resourceKeys(of: id)[id])
        else { return nil }
        let isExport = if case .export = fingerprint.content { true } else { false }
        return SourceDocument(
            id: DocumentID(pipeline: self.pipeline, file: id),
            name: path.split(separator: "/").last.map(String.init) ?? path,
            path: path,
            url: file.webViewLink ?? "https://drive.google.com/open?id=\(DriveRequest.encoded(id))",
            // Drive's number says nothing of what an export will have.
            size: isExport ? nil : file.size,
            mimeType: file.mimeType,
            fingerprint: fingerprint.text
        )
    }

    /// Without the size, which a fetch corrects.
    private static func hash(of document: SourceDocument) -> Int {
        var hasher = Hasher()
        hasher.combine(document.path)
        hasher.combine(document.url)
        hasher.combine(document.fingerprint)
        return hasher.finalize()
    }
}
