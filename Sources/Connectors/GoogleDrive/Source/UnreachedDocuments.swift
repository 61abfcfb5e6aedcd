import Ingest
import Synchronization

/// The documents whose content could not be had because Google did not answer; offered again once it does.
final class UnreachedDocuments: Sendable {
    private let documents = Mutex<[String: SourceDocument]>([:])

    func insert(_ document: SourceDocument) { self.documents.withLock { $0[document.id.file] = document } }

    /// Takes all of them out, by file id.
    func takeAll() -> [String: SourceDocument] {
        self.documents.withLock { documents in
            defer { documents = [:] }
            return documents
        }
    }
}
