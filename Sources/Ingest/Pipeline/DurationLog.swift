import Synchronization

/// `DurationHistory`, shared by the workers.
final class DurationLog: Sendable {
    private let history = Mutex(DurationHistory())

    /// Takes over what the ledger knows of earlier runs, the newest last.
    func restore(_ entries: [LedgerEntry]) {
        let stored = entries.compactMap { entry in
            if case .stored(let results) = entry.state { (entry, results.processingDuration) } else { nil }
        }
        for (entry, duration) in stored.sorted(by: { $0.0.updatedAt < $1.0.updatedAt }) {
            self.record(entry, duration: duration)
        }
    }

    func record(_ entry: LedgerEntry, duration: Double) {
        guard let mediaType = entry.mediaType, let size = entry.document.size else { return }
        self.history.withLock { $0.record(mediaType: mediaType, size: size, duration: duration) }
    }

    func estimate(mediaType: String?, size: Int?) -> Double? {
        guard let mediaType, let size else { return nil }
        return self.history.withLock { $0.estimate(mediaType: mediaType, size: size) }
    }
}
