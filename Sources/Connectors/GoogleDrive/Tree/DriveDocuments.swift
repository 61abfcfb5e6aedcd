package import Ingest

/// Which documents a Drive has for the pipeline, and which of them differ from what was offered before.
package struct DriveDocuments: Sendable {
    private let pipeline: PipelineID
    private let filter: FileFilter
    private let exports: ExportFormats
    /// A hash of each document as it was offered last, by file id; all that is kept of it.
    private var offered: [String: Int]
    /// Documents whose files were gone, by file id, and how far the decision about each is.
    private var holds: [String: HeldDeletion.State] = [:]
    /// Documents that the configuration admitted once and does not now: their files are there, nobody loses them.
    private var deselected: Set<String> = []
    /// Known documents that the tree lacks; what becomes of them is decided together.
    private var absent: Set<String> = []
    /// Documents that were on hold and are there again.
    private var returned: [DocumentID] = []

    /// Begins with the ledger: what was offered in earlier runs, and what of it was gone then.
    package init(
        pipeline: PipelineID,
        filter: FileFilter,
        exports: ExportFormats,
        known: [LedgerEntry],
        held: [DocumentID: HeldDeletion.State] = [:]
    ) {
        self.pipeline = pipeline
        self.filter = filter
        self.exports = exports
        self.offered = Dictionary(minimumCapacity: known.count)
        for entry in known {
            let id = entry.document.id.file
            self.offered[id] = Self.hash(of: entry.document)
            self.holds[id] = held[entry.document.id]
            if !filter.reaches(file: RelativePath(entry.document.path)) { self.deselected.insert(id) }
        }
    }

    /// Whether a document was offered and is not gone since.
    package func isKnown(_ id: String) -> Bool { self.offered[id] != nil }

    /// How many documents are known.
    package var count: Int { self.offered.count }

    /// How many documents are known whose files are not known to be gone.
    package var presentCount: Int { self.offered.count - self.holds.count }

    /// What has to be offered of these files, in the order of their ids; those that are gone are noted.
    package mutating func changes(of ids: Set<String>, in tree: DriveTree) -> [Change] {
        ids.sorted().compactMap { id in
            guard let document = self.document(id, in: tree) else {
                if self.offered[id] != nil, self.holds[id] == nil { self.absent.insert(id) }
                return nil
            }
            self.absent.remove(id)
            self.deselected.remove(id)
            if self.holds.removeValue(forKey: id) != nil { self.returned.append(document.id) }
            let hash = Self.hash(of: document)
            guard self.offered.updateValue(hash, forKey: id) != hash else { return nil }
            return .upserted(document)
        }
    }

    /// Notes every document that does not belong to the tree, which must be complete.
    package mutating func noteMissing(in tree: DriveTree) {
        for id in self.offered.keys where self.holds[id] == nil && self.document(id, in: tree) == nil {
            self.absent.insert(id)
        }
    }

    /// The documents that were noted and are still gone: those that somebody may miss, and those that the
    /// configuration leaves alone now.
    package func gone(from tree: DriveTree) -> (lost: [String], deselected: [String]) {
        let gone = self.absent.filter { self.offered[$0] != nil && self.document($0, in: tree) == nil }.sorted()
        let isDeselected = { (id: String) in self.deselected.contains(id) || tree.path(ofFile: id) != nil }
        return (gone.filter { !isDeselected($0) }, gone.filter(isDeselected))
    }

    /// Forgets documents that are gone.
    ///
    /// - Returns: What is to be offered for it.
    package mutating func remove(_ ids: [String]) -> [Change] {
        for id in ids {
            self.forget(id)
            self.absent.remove(id)
        }
        return ids.map { .removed(DocumentID(pipeline: self.pipeline, file: $0)) }
    }

    /// Keeps documents that are gone until a person decides.
    package mutating func hold(_ ids: [String]) -> [DocumentID] {
        for id in ids {
            self.holds[id] = .held
            self.absent.remove(id)
        }
        return ids.map { DocumentID(pipeline: self.pipeline, file: $0) }
    }

    /// A person decided to keep a document on hold.
    package mutating func keep(_ id: String) { if self.holds[id] != nil { self.holds[id] = .kept } }

    /// A person let a document go: it is offered again if its file is there after all.
    package mutating func forget(_ id: String) {
        self.offered[id] = nil
        self.holds[id] = nil
    }

    /// What was noted proves nothing.
    package mutating func forgetAbsent() { self.absent = [] }

    /// The documents that were on hold and are there again, since the last call.
    package mutating func takeReturned() -> [DocumentID] {
        defer { self.returned = [] }
        return self.returned
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
