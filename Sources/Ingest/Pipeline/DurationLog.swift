import Synchronization

/// `DurationHistory`, shared by the workers.
final class DurationLog: Sendable {
    private let history = Mutex(DurationHistory())

    func record(_ entry: LedgerEntry, duration: Double) {
        guard let mediaType = entry.mediaType, let size = entry.document.size else { return }
        self.history.withLock { $0.record(mediaType: mediaType, size: size, duration: duration) }
    }

    func estimate(mediaType: String?, size: Int?) -> Double? {
        guard let mediaType, let size else { return nil }
        return self.history.withLock { $0.estimate(mediaType: mediaType, size: size) }
    }
}
