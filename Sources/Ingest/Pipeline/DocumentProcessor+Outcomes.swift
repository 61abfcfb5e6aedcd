import FoundationEssentials
import Logging

extension DocumentProcessor {
    /// Announces that work on a document begins; before it, a document that needs no work stays unmentioned.
    func start(_ job: inout DocumentJob) async {
        guard !job.isAnnounced else { return }
        job.isAnnounced = true
        let active = ActiveDocument(
            document: job.document,
            mediaType: job.mediaType,
            startedAt: job.startedAt,
            estimatedDuration: self.history.estimate(mediaType: job.mediaType, size: job.document.size)
        )
        await self.report(.documentStarted(active), for: job.document.id)
        await self.report(progress: 0, of: job)
    }

    func report(progress: Double, of job: DocumentJob) async {
        let kind = IngestEvent.Kind.documentProgressed(
            job.document.id,
            name: job.document.name,
            stage: job.stage,
            progress: progress
        )
        await self.report(kind, for: job.document.id)
    }

    func report(_ kind: IngestEvent.Kind, for id: DocumentID) async {
        await self.board.record(IngestEvent(kind, in: id.pipeline, at: self.now()))
    }

    /// Records that there is nothing to extract, and removes what an older version left.
    func skip(_ job: DocumentJob, reason: String) async throws {
        let stored = try await self.store.record(job.entry(.skipped(reason: reason), at: self.now()))
        await self.report(.documentSkipped(job.document.id, stored: stored), for: job.document.id)
        self.logger.debug(
            "Skipped a document.",
            metadata: ["document": "\(job.document.id)", "reason": "\(reason)"]
        )
    }

    /// Whether the content need not even be read; its new place is recorded then.
    func skipUnread(_ job: DocumentJob, of source: any Source) async throws -> Bool {
        guard let previous = job.previous, source.hasSameContent(job.document, as: previous.document) else {
            return false
        }
        if case .failed = previous.state { return false }
        var job = job
        job.document.size = previous.document.size
        try await self.skipUnchanged(job)
        return true
    }

    /// Whether the document is one that killed its extractor, has not changed, and that nobody asked to be tried again.
    ///
    /// - Throws: The failure of other content that is the same to the byte.
    func isKnownToBeHarmful(_ job: DocumentJob) throws -> Bool {
        guard let hash = job.contentHash else { return false }
        if let previous = job.previous, previous.contentHash == hash, case .failed(let failure, _, _) = previous.state {
            return failure.isHarmful
        }
        if let failure = self.harmful.failure(of: hash) { throw KnownToBeHarmful(failure: failure) }
        return false
    }

    /// Records the new place, name or fingerprint of a document whose content is what it was.
    func skipUnchanged(_ job: DocumentJob) async throws {
        guard var entry = job.previous else { return }
        if entry.document != job.document {
            entry.document = job.document
            _ = try await self.store.record(entry)
        }
        await self.report(.documentSkipped(job.document.id, stored: nil), for: job.document.id)
    }

    /// Removes a document.
    func remove(_ id: DocumentID) async -> Outcome {
        self.retries.forget(id)
        do {
            let removal = try await self.store.remove(id)
            self.removals.forget(id)
            guard let removal else { return Outcome(isDurable: true) }
            let name = removal.entry.document.name
            await self.report(
                .documentRemoved(id, name: name, chunks: removal.chunks, stored: removal.totals),
                for: id
            )
            return Outcome(isDurable: true)
        } catch is CancellationError {
            return Outcome(isDurable: false)
        } catch {
            // The source has told of it and will not again; the ledger still holds it, should the daemon stop first.
            self.retries.schedule(.removed(id), after: 1, now: self.now(), isUnlimited: true)
            self.logger.error(
                "Could not remove a document from the store; it is tried again.",
                metadata: ["document": "\(id)", "error": "\(error)"]
            )
            return Outcome(isDurable: false)
        }
    }

    /// Records and reports a failure, and schedules the next attempt if one can help.
    ///
    /// - Returns: Whether the store knows of it.
    func fail(_ job: DocumentJob, with error: any Error) async -> Bool {
        guard !(error is CancellationError), !Task.isCancelled else { return false }
        var job = job
        let failure = DocumentFailure(error, stage: job.stage)
        let cause = error as? any DocumentError
        let isNews = job.isAnnounced || cause?.isReportedOnce != true || !job.hasFailed(with: failure)
        if isNews { await self.start(&job) }
        if let hash = job.contentHash { self.harmful.record(failure, of: hash) }
        let now = self.now()
        // A full disk, or a service that is down, must not make dead letters of all that came meanwhile.
        let isUnlimited = cause?.concernsDocument == false
        let attempt = job.previousAttempts + (isUnlimited ? 0 : 1)
        let isEndless = isUnlimited || cause?.waitsForSource == true
        let nextAttemptAt =
            failure.isRetryable
            ? self.retries.schedule(.upserted(job.document), after: attempt, now: now, isUnlimited: isEndless) : nil
        var entry = job.entry(.failed(failure, attempt: attempt, nextAttemptAt: nextAttemptAt), at: now)
        if !isNews, let previous = job.previous {
            (entry.updatedAt, entry.timings) = (previous.updatedAt, previous.timings)
        }
        let stored = await self.recordFailure(entry, attempt: attempt, now: now)
        let failed = FailedDocument(
            document: job.document,
            failedAt: entry.updatedAt,
            failure: failure,
            attempt: attempt,
            nextAttemptAt: nextAttemptAt,
            concernsDocument: !isUnlimited
        )
        let kind: IngestEvent.Kind =
            isNews ? .documentFailed(failed, stored: stored) : .documentPostponed(failed, stored: stored)
        await self.report(kind, for: job.document.id)
        self.logger.log(
            level: isNews ? .info : .debug,
            "A document failed.",
            metadata: [
                "document": "\(job.document.id)", "stage": "\(failure.stage.rawValue)", "type": "\(failure.type)",
                "attempt": "\(attempt)",
            ]
        )
        return stored != nil
    }

    /// Writes a failure into the ledger.
    ///
    /// - Returns: Nil when the store refused; the document is tried again then.
    private func recordFailure(_ entry: LedgerEntry, attempt: Int, now: Date) async -> StoreTotals? {
        do {
            return try await self.store.record(entry)
        } catch {
            // What is not in the ledger has to be tried again until it is.
            self.retries.schedule(.upserted(entry.document), after: attempt, now: now, isUnlimited: true)
            self.logger.error(
                "Could not record a failure; the document is tried again.",
                metadata: ["document": "\(entry.document.id)", "error": "\(error)"]
            )
            return nil
        }
    }
}
