import FoundationEssentials

extension SourceService {
    /// Goes through the source once: queues what differs from the ledger, and the failed documents that are due.
    ///
    /// What is queued is worked on while this goes on, and after it.
    ///
    /// - Throws: What reading the ledger threw, what no later attempt can mend, or `CancellationError`.
    package func pass() async throws {
        let (known, held) = try await self.restore()
        let confirmed = try await self.store.confirmedDeletions(in: self.source.pipeline.id)
        for id in confirmed { try await self.dispatcher.offer(.removed(id)) }
        let now = Date()
        for entry in known {
            // Before the check: a change that it finds takes the place of the attempt in the queue.
            guard case .failed(_, _, let due?) = entry.state, due <= now else { continue }
            try await self.dispatcher.offer(.upserted(entry.document), isRetry: true)
        }
        do {
            try await self.source.checkOnce(known: known, held: held, into: self)
        } catch let error as CancellationError {
            throw error
        } catch {
            await self.report(.unavailable(message: "\(error)", nextCheckAt: nil))
            throw error
        }
    }
}
