package import FoundationEssentials
package import Logging

/// Takes one change through fetch, extraction, chunking, embedding and storing, and reports every step.
///
/// For each document it starts it reports `documentStarted`, progress that never decreases, and then exactly one of
/// `documentStored` and `documentFailed`; the store and the report always say the same. A document that fails as it did
/// before is only postponed, if that is no news.
package struct DocumentProcessor: Sendable {
    let sources: [PipelineID: any Source]
    let store: any Store
    let extractor: any Extractor
    let chunker: Chunker
    let embedder: any Embedder
    let board: StatusBoard
    let retries: RetryScheduler
    let cursors: CursorBook
    let removals: ConfirmedRemovals
    let claims = TextClaims()
    let history: DurationLog
    let harmful = HarmfulContents()
    let logger: Logger
    let now: @Sendable () -> Date

    package init(
        sources: [any Source],
        store: any Store,
        extractor: any Extractor,
        chunker: Chunker,
        embedder: any Embedder,
        board: StatusBoard,
        retries: RetryScheduler,
        cursors: CursorBook = CursorBook(),
        removals: ConfirmedRemovals = ConfirmedRemovals(),
        logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.sources = Dictionary(sources.map { ($0.pipeline.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.store = store
        self.extractor = extractor
        self.chunker = chunker
        self.embedder = embedder
        self.board = board
        self.retries = retries
        self.cursors = cursors
        self.removals = removals
        self.history = DurationLog()
        self.logger = logger
        self.now = now
    }

    /// Learns from the ledger of a pipeline, at start, how long documents take and which do harm.
    package func learn(from entries: [LedgerEntry]) {
        self.history.restore(entries)
        self.harmful.learn(from: entries)
    }

    /// Processes one change; whatever goes wrong is recorded and reported, never thrown.
    ///
    /// When the task is cancelled in the middle, nothing is recorded: the ledger still holds the old fingerprint, and
    /// the first check after a restart finds the change again.
    package func process(_ change: Change) async {
        self.cursors.take(change)
        let outcome =
            switch change {
            case .upserted(let document): await self.upsert(document)
            case .removed(let id): await self.remove(id)
            }
        await self.commitCursor(after: change.document, outcome)
    }

    /// Commits the cursor that nothing but this document held back, unless it went with the document.
    private func commitCursor(after id: DocumentID, _ outcome: Outcome) async {
        let cursor = self.cursors.finish(id, isDurable: outcome.isDurable, committed: outcome.cursor)
        guard let cursor else { return }
        do {
            try await self.store.commit(cursor: cursor, of: id.pipeline)
        } catch {
            self.logger.warning(
                "Could not record how far a source was read; a restart reads some changes again.",
                metadata: ["pipeline": "\(id.pipeline)", "error": "\(error)"]
            )
        }
    }

    /// What the store knows of a change that was worked on.
    struct Outcome {
        /// Whether what came of it is in the store; if not, a restart must find the change again.
        var isDurable: Bool
        /// The cursor that was committed with it.
        var cursor: String?
    }

    private func upsert(_ document: SourceDocument) async -> Outcome {
        guard let source = self.sources[document.id.pipeline] else { return Outcome(isDurable: true) }
        self.retries.forget(document.id)
        var job = DocumentJob(document: document, startedAt: self.now())
        do {
            job.previous = try await self.store.entry(for: document.id)
            if try await self.skipUnread(job, of: source) { return Outcome(isDurable: true) }
            let content = try await source.fetch(document)
            do {
                let cursor = try await self.process(content, for: &job)
                await source.release(content)
                return Outcome(isDurable: true, cursor: cursor)
            } catch {
                await source.release(content)
                throw error
            }
        } catch {
            return Outcome(isDurable: await self.fail(job, with: error))
        }
    }

    /// Takes fetched content through the stages.
    ///
    /// - Returns: The cursor that was committed with the document, if one was.
    private func process(_ content: FetchedContent, for job: inout DocumentJob) async throws -> String? {
        var content = content
        content.name = job.document.name
        job.contentHash = content.contentHash
        job.document.size = content.size
        if try self.isKnownToBeHarmful(job) {
            try await self.skipUnchanged(job)
            return nil
        }
        let mediaType: String
        let name = content.fileExtension.map { "\(job.document.name).\($0)" } ?? job.document.name
        switch try await self.extractor.identify(content, name: name) {
        case .skipped(let reason):
            try await self.skip(job, reason: reason)
            return nil
        case .supported(let found):
            mediaType = found
        }
        job.mediaType = mediaType
        guard job.mustProcess else {
            try await self.skipUnchanged(job)
            return nil
        }

        await self.start(&job)
        let text = try await self.extractor.extract(content, mediaType: mediaType)
        try Task.checkCancellation()

        job.enter(.chunking, at: self.now())
        await self.report(progress: 0, of: job)
        let chunks = self.chunker.chunks(of: text)
        guard !chunks.isEmpty else { throw NothingToStore() }
        let claims = await self.claims.open()
        do {
            let vectors = try await self.embed(chunks, for: &job, claiming: claims)
            job.enter(.storing, at: self.now())
            await self.report(progress: Double(chunks.count + 1) / Double(chunks.count + 2), of: job)
            let cursor = try await self.store(text, chunks: chunks, vectors: vectors, of: job)
            await claims.close()
            return cursor
        } catch {
            await claims.close()
            throw error
        }
    }

    private func store(
        _ text: ExtractedText,
        chunks: [Chunk],
        vectors: EmbeddedChunks,
        of job: DocumentJob
    ) async throws -> String? {
        let results = Results(
            chunksCreated: chunks.count,
            embeddingsGenerated: vectors.generated,
            embeddingsReused: vectors.reused,
            processingDuration: 0,
            contentLength: text.contentLength
        )
        let entry = { @Sendable in job.storedEntry(results, at: self.now()) }
        let cursor = self.cursors.completed(by: job.document.id)
        let stored = try await self.store.replace(
            with: DocumentVersion(
                entry: entry(),
                finishedEntry: entry,
                title: text.title,
                chunks: chunks,
                vectors: vectors.vectors,
                tables: text.tables,
                cursor: cursor
            )
        )
        if let hash = job.contentHash { self.harmful.forget(hash) }
        self.history.record(stored.entry)
        if let completed = CompletedDocument(stored.entry) {
            await self.report(.documentStored(completed, stored: stored.totals), for: job.document.id)
        }
        self.logger.debug(
            "Stored a document.",
            metadata: ["document": "\(job.document.id)", "chunks": "\(chunks.count)"]
        )
        return cursor
    }
}

/// A document whose text holds no passage: white space or control characters only.
private struct NothingToStore: DocumentError {
    let typeName = "NoText"
    let isTransient = false
    let description = "no text in it: nothing but white space was found; nothing can be searched"
}
