import Synchronization

/// `DurationHistory`, shared by the workers.
final class DurationLog: Sendable {
    private let history = Mutex(DurationHistory())

    /// Takes over what the ledger knows of earlier runs, the newest last.
    ///
    /// Only positions are sorted: a ledger of a hundred thousand files is large enough once.
    func restore(_ entries: [LedgerEntry]) {
        let newestLast = entries.indices.sorted { entries[$0].updatedAt < entries[$1].updatedAt }
        for index in newestLast { self.record(entries[index]) }
    }

    /// Learns from an entry that is stored; passes over all others.
    func record(_ entry: LedgerEntry) {
        guard case .stored(let results) = entry.state, let mediaType = entry.mediaType,
            let size = entry.document.size
        else { return }
        self.history.withLock {
            $0.record(mediaType: mediaType, size: size, duration: results.processingDuration)
        }
    }

    func estimate(mediaType: String?, size: Int?) -> Double? {
        guard let mediaType, let size else { return nil }
        return self.history.withLock { $0.estimate(mediaType: mediaType, size: size) }
    }
}
