import Synchronization

/// Contents that killed what was to extract them, by their hash: they are not tried again unasked, whatever name or place
/// they come under.
///
/// Filled from the ledger at the start, then kept by the workers.
package final class HarmfulContents: Sendable {
    private let failures = Mutex<[String: DocumentFailure]>([:])

    package init() {}

    /// What became of this content when it was tried.
    package func failure(of contentHash: String) -> DocumentFailure? { self.failures.withLock { $0[contentHash] } }

    /// Takes over what the ledger tells.
    package func learn(from entries: [LedgerEntry]) {
        for entry in entries {
            if case .failed(let failure, _, _) = entry.state, let hash = entry.contentHash {
                self.record(failure, of: hash)
            }
        }
    }

    /// Remembers a failure, if it was harmful.
    package func record(_ failure: DocumentFailure, of contentHash: String) {
        guard failure.isHarmful else { return }
        self.failures.withLock { $0[contentHash] = failure }
    }

    /// The content got through after all.
    package func forget(_ contentHash: String) {
        self.failures.withLock { _ = $0.removeValue(forKey: contentHash) }
    }
}

/// A document whose content is known to be harmful; says again what happened then.
struct KnownToBeHarmful: DocumentError {
    let failure: DocumentFailure

    var typeName: String { self.failure.type }
    var description: String { self.failure.message }
    var isTransient: Bool { false }
}
