package import FoundationEssentials

/// Finds out what a pass over one source would do, by reading and cutting every file that it would process.
///
/// Changes nothing: the store is only read, and what was fetched is released.
package struct Planner: Sendable {
    /// Texts looked up in the store at once; bounds how many vectors are read in one transaction.
    private static let lookupBatch = 512

    private let source: any Source
    private let store: (any Store)?
    private let extractor: any Extractor
    private let chunker: Chunker
    private let workers: Int
    private let executor: any TaskExecutor

    /// - Parameters:
    ///   - source: What to look through.
    ///   - store: Holds the ledger and the vectors there are; nil when there is none yet.
    ///   - extractor: As the daemon has it.
    ///   - chunker: As the daemon has it.
    ///   - workers: How many files are read at once.
    ///   - executor: Where that is done.
    package init(
        source: any Source,
        store: (any Store)?,
        extractor: any Extractor,
        chunker: Chunker,
        workers: Int,
        executor: any TaskExecutor
    ) {
        self.source = source
        self.store = store
        self.extractor = extractor
        self.chunker = chunker
        self.workers = workers
        self.executor = executor
    }

    /// Looks through the source and reads what a pass would process.
    ///
    /// - Parameters:
    ///   - now: Which attempts are due.
    ///   - report: Told how many files have been read, of how many.
    /// - Returns: What the pass would do.
    /// - Throws: What the store threw, what no later attempt can mend, or `CancellationError`.
    package func plan(
        now: Date = Date(),
        report: (_ read: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> ScanPlan {
        let pipeline = self.source.pipeline.id
        let ledger = try await self.store?.ledger(of: pipeline) ?? []
        // What a person has let go is not looked for; a pass removes it before anything else.
        let confirmed = Set(try await self.store?.confirmedDeletions(in: pipeline) ?? [])
        let known = ledger.filter { !confirmed.contains($0.document.id) }
        let held = try await self.store?.heldStates(in: pipeline) ?? [:]
        let cursor = try await self.store?.cursor(of: pipeline)
        let findings = try await self.source.survey(known: known, held: held, cursor: cursor)
        var plan = ScanPlan()
        plan.problem = findings.problem
        plan.held = findings.held.count
        plan.returned = findings.released.count
        plan.removed = Self.removals(findings.changes, confirmed: confirmed)
        let tasks = self.tasks(findings.changes, ledger: ledger, confirmed: confirmed, now: now)
        var read = 0
        report(read, tasks.count)
        try await withThrowingTaskGroup(of: PlannedFile.self) { group in
            var rest = tasks[...]
            func addNext() {
                guard let (document, previous, isRetry) = rest.popFirst() else { return }
                group.addTask(executorPreference: self.executor) {
                    try await self.judge(document, previous: previous, isRetry: isRetry)
                }
            }
            for _ in 0..<self.workers { addNext() }
            while let file = try await group.next() {
                plan.add(file)
                read += 1
                report(read, tasks.count)
                addNext()
            }
        }
        return plan
    }

    /// Documents that would go: those whose files are gone, and those that a person let go and whose files stay away.
    private static func removals(_ changes: [Change], confirmed: Set<DocumentID>) -> Int {
        var gone = confirmed
        for change in changes {
            switch change {
            case .removed(let id): gone.insert(id)
            case .upserted(let document): gone.remove(document.id)
            }
        }
        return gone.count
    }

    private typealias Task = (document: SourceDocument, previous: LedgerEntry?, isRetry: Bool)

    /// The files to read: the newest change of each, and those whose attempt is due.
    private func tasks(
        _ changes: [Change],
        ledger: [LedgerEntry],
        confirmed: Set<DocumentID>,
        now: Date
    ) -> [Task] {
        let entries = Dictionary(ledger.map { ($0.document.id, $0) }, uniquingKeysWith: { first, _ in first })
        var newest: [DocumentID: Change] = [:]
        for change in changes { newest[change.document] = change }
        var tasks: [Task] = newest.values.compactMap { change in
            guard case .upserted(let document) = change else { return nil }
            return (document, entries[document.id], false)
        }
        for entry in ledger where newest[entry.document.id] == nil && !confirmed.contains(entry.document.id) {
            guard case .failed(_, _, let due?) = entry.state, due <= now else { continue }
            tasks.append((entry.document, entry, true))
        }
        return tasks
    }

    private func judge(_ document: SourceDocument, previous: LedgerEntry?, isRetry: Bool) async throws -> PlannedFile {
        var job = DocumentJob(document: document, startedAt: Date())
        job.previous = previous
        let isElsewhere = previous.map { $0.document.path != document.path } ?? false
        let place = PlannedFile(reason: isElsewhere ? .moved : .unchanged, outcome: .nothing, bytes: 0)
        let reason: PlannedFile.Reason = previous == nil ? .new : isRetry ? .retried : .changed
        if let previous, !previous.hasFailed, self.source.hasSameContent(document, as: previous.document) {
            return place
        }
        do {
            let content = try await self.source.fetch(document)
            do {
                let outcome = try await self.outcome(of: content, for: &job)
                await self.source.release(content)
                if outcome == .nothing { return place }
                return PlannedFile(reason: reason, outcome: outcome, bytes: content.size)
            } catch {
                await self.source.release(content)
                throw error
            }
        } catch let error as any DocumentError where error.concernsDocument {
            return PlannedFile(reason: reason, outcome: .failing, bytes: document.size ?? 0)
        }
    }

    /// Goes as far as the daemon would before it embeds.
    private func outcome(
        of content: FetchedContent,
        for job: inout DocumentJob
    ) async throws -> PlannedFile.Outcome {
        job.contentHash = content.contentHash
        let name = content.fileExtension.map { "\(job.document.name).\($0)" } ?? job.document.name
        switch try await self.extractor.identify(content, name: name) {
        case .skipped:
            if case .skipped? = job.previous?.state, job.previous?.contentHash == content.contentHash {
                return .nothing
            }
            return .skipped
        case .supported(let mediaType):
            job.mediaType = mediaType
            guard job.mustProcess else { return .nothing }
            let text = try await self.extractor.extract(content, mediaType: mediaType)
            return try await self.cost(of: self.chunker.chunks(of: text))
        }
    }

    private func cost(of chunks: [Chunk]) async throws -> PlannedFile.Outcome {
        guard !chunks.isEmpty else { return .failing }
        var missing: [String: Int] = [:]
        for start in stride(from: 0, to: chunks.count, by: Self.lookupBatch) {
            let batch = chunks[start..<min(start + Self.lookupBatch, chunks.count)]
            let known = try await self.store?.vectors(for: batch.map(\.text))
            for (offset, chunk) in batch.enumerated() where known?[offset] == nil { missing[chunk.text] = chunk.tokens }
        }
        let tokens = missing.values.reduce(0, +)
        return .stored(chunks: chunks.count, chunksToEmbed: missing.count, tokensToEmbed: tokens)
    }
}

extension LedgerEntry {
    fileprivate var hasFailed: Bool { if case .failed = self.state { true } else { false } }
}

extension Store {
    /// The documents of a pipeline whose files are gone, and how far the decision about each is.
    package func heldStates(in pipeline: PipelineID) async throws -> [DocumentID: HeldDeletion.State] {
        Dictionary(
            try await self.heldDeletions(in: pipeline, limit: .max).map { ($0.document, $0.state) },
            uniquingKeysWith: { first, _ in first }
        )
    }
}
