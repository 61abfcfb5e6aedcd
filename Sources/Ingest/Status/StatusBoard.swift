package import FoundationEssentials

/// The one owner of the live status: the pipelines write with `record`, feeds read with `updates`.
package actor StatusBoard {
    package enum Update: Equatable, Sendable {
        /// Every pipeline as it is now, in the order of the configuration.
        case snapshot([PipelineStatus])
        case event(IngestEvent)
    }

    /// Updates that a slow reader may fall behind by before its stream ends, at some 500 bytes each.
    package static let backlog = 16_384

    private var statuses: [PipelineStatus]
    private let indices: [PipelineID: Int]
    private var readers: [Int: AsyncStream<Update>.Continuation] = [:]
    private var nextReader = 0
    /// Whether nothing more will be recorded.
    package private(set) var isClosed = false

    package init(pipelines: [Pipeline], startedAt: Date) {
        self.statuses = pipelines.map { PipelineStatus(pipeline: $0, startedAt: startedAt) }
        self.indices = Dictionary(
            pipelines.enumerated().map { ($1.id, $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// Folds an event in and hands it to every reader; an event of an unknown pipeline is ignored.
    package func record(_ event: IngestEvent) {
        guard let index = self.indices[event.pipeline] else { return }
        self.statuses[index].apply(event)
        for (id, reader) in self.readers {
            switch reader.yield(.event(event)) {
            case .enqueued:
                break
            default:
                reader.finish()
                self.readers[id] = nil
            }
        }
    }

    /// A snapshot, then every later event in order.
    ///
    /// The stream ends when its reader falls `backlog` behind: it never skips. Call again for a new snapshot.
    package func updates() -> AsyncStream<Update> {
        let (stream, reader) = AsyncStream<Update>.makeStream(bufferingPolicy: .bufferingOldest(Self.backlog))
        reader.yield(.snapshot(self.statuses))
        self.readers[self.nextReader] = reader
        self.nextReader += 1
        return stream
    }

    /// Ends every reader's stream once it has read what was recorded so far.
    package func close() {
        self.isClosed = true
        for reader in self.readers.values { reader.finish() }
        self.readers = [:]
    }

    /// Every pipeline as it is now, in the order of the configuration.
    package func snapshot() -> [PipelineStatus] { self.statuses }
}
