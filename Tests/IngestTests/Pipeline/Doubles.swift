import FoundationEssentials
import Ingest
import Synchronization

/// A store in memory, and what was asked of it.
final class MemoryStore: Store {
    struct Contents: Sendable {
        var entries: [DocumentID: LedgerEntry] = [:]
        var versions: [DocumentID: DocumentVersion] = [:] { didSet { self.revision += 1 } }
        var revision = 0
        var cursors: [PipelineID: String] = [:]
        var held: [DocumentID: HeldDeletion] = [:]
        var confirmed: Set<DocumentID> = []
        /// Thrown by the next call of `replace`.
        var replaceError: (any Error)?
        /// Called while a version is being stored.
        var willReplace: (@Sendable () -> Void)?
    }

    let contents = Mutex(Contents())

    func ledger(of pipeline: PipelineID) async throws -> [LedgerEntry] {
        self.contents.withLock { $0.entries.values.filter { $0.document.id.pipeline == pipeline } }
    }

    func entry(for id: DocumentID) async throws -> LedgerEntry? { self.contents.withLock { $0.entries[id] } }

    func replace(with version: DocumentVersion) async throws -> StoredVersion {
        try self.contents.withLock { contents in
            if let error = contents.replaceError {
                contents.replaceError = nil
                throw error
            }
            contents.willReplace?()
            let entry = version.finishedEntry?() ?? version.entry
            contents.entries[version.entry.document.id] = entry
            contents.versions[version.entry.document.id] = version
            if let cursor = version.cursor { contents.cursors[version.entry.document.id.pipeline] = cursor }
            return StoredVersion(entry: entry, totals: contents.totals)
        }
    }

    func record(_ entry: LedgerEntry) async throws -> StoreTotals {
        self.contents.withLock { contents in
            contents.entries[entry.document.id] = entry
            if case .skipped = entry.state { contents.versions[entry.document.id] = nil }
            return contents.totals
        }
    }

    func remove(_ id: DocumentID) async throws -> StoreRemoval? {
        self.contents.withLock { contents in
            guard let entry = contents.entries.removeValue(forKey: id) else { return nil }
            contents.held[id] = nil
            contents.confirmed.remove(id)
            let chunks = contents.versions.removeValue(forKey: id)?.chunks.count ?? 0
            return StoreRemoval(entry: entry, chunks: chunks, totals: contents.totals)
        }
    }

    func hold(_ documents: [DocumentID], in pipeline: PipelineID, since: Date) async throws -> StoreTotals {
        self.contents.withLock { contents in
            for id in documents where contents.held[id] == nil {
                guard let path = contents.entries[id]?.document.path else { continue }
                contents.held[id] = HeldDeletion(document: id, path: path, state: .held, since: since)
            }
            return contents.totals
        }
    }

    func release(_ documents: [DocumentID], in pipeline: PipelineID) async throws -> StoreTotals {
        self.contents.withLock { contents in
            for id in documents { contents.held[id] = nil }
            return contents.totals
        }
    }

    func keepHeld(in pipeline: PipelineID) async throws -> StoreTotals {
        self.contents.withLock { contents in
            for id in contents.held.keys { contents.held[id]?.state = .kept }
            return contents.totals
        }
    }

    func confirmHeld(in pipeline: PipelineID, includingKept: Bool) async throws -> ConfirmedDeletions {
        self.contents.withLock { contents in
            let ids = contents.held.values.filter { includingKept || $0.state == .held }.map(\.document)
            for id in ids { contents.held[id] = nil }
            contents.confirmed.formUnion(ids)
            return ConfirmedDeletions(documents: ids.sorted { $0.file < $1.file }, totals: contents.totals)
        }
    }

    func confirmedDeletions(in pipeline: PipelineID) async throws -> [DocumentID] {
        self.contents.withLock { $0.confirmed.sorted { $0.file < $1.file } }
    }

    func withdrawConfirmation(of id: DocumentID) async throws {
        self.contents.withLock { _ = $0.confirmed.remove(id) }
    }

    func heldDeletions(in pipeline: PipelineID, limit: Int) async throws -> [HeldDeletion] {
        self.contents.withLock { Array($0.held.values.sorted { $0.path < $1.path }.prefix(limit)) }
    }

    func heldDeletions(_ query: HeldDeletionQuery) async throws -> HeldDeletionPage {
        HeldDeletionPage(deletions: [], counts: [:], next: nil)
    }

    func vectors(for texts: [String]) async throws -> [[Float]?] {
        self.contents.withLock { contents in
            texts.map { text in
                for version in contents.versions.values {
                    let index = version.chunks.firstIndex { $0.text == text }
                    if let index { return version.vectors[index] }
                }
                return nil
            }
        }
    }

    func search(_ query: SearchQuery) async throws -> [SearchHit] { [] }
    func totals(of pipeline: PipelineID) async throws -> StoreTotals { self.contents.withLock { $0.totals } }
    func recentlyStored(in pipeline: PipelineID, limit: Int) async throws -> [LedgerEntry] { [] }
    func recentlyFailed(in pipeline: PipelineID, limit: Int) async throws -> [LedgerEntry] { [] }
    func files(_ query: FileQuery) async throws -> FilePage { FilePage(entries: [], next: nil) }
    func resetFailures(_ selection: RetrySelection, at now: Date) async throws -> [LedgerEntry] { [] }
    func history(of id: DocumentID) async throws -> [HistoryEntry] { [] }
    func chunks(of id: DocumentID, from index: Int, limit: Int) async throws -> [Chunk] {
        let chunks = self.contents.withLock { $0.versions[id]?.chunks ?? [] }
        return Array(chunks.filter { $0.index >= index }.prefix(limit))
    }
    func cursor(of pipeline: PipelineID) async throws -> String? { self.contents.withLock { $0.cursors[pipeline] } }

    func commit(cursor: String, of pipeline: PipelineID) async throws {
        self.contents.withLock { $0.cursors[pipeline] = cursor }
    }
}

extension MemoryStore.Contents {
    var totals: StoreTotals {
        let chunks = self.versions.values.reduce(0) { $0 + $1.chunks.count }
        return StoreTotals(
            documents: self.versions.count,
            chunks: chunks,
            revision: self.revision,
            heldDeletions: self.held.values.count { $0.state == .held }
        )
    }
}

/// An error as a stage throws it.
struct StageError: DocumentError {
    var typeName = "Broken"
    var isTransient = false
    var description = "it is broken: mend it"
    var concernsDocument = true
    var waitsForSource = false
    var isReportedOnce = false
}

/// A source whose files are strings in memory; the content hash is the text itself.
final class TextSource: Source {
    let pipeline = Pipeline.test
    let files = Mutex<[DocumentID: Result<String, StageError>]>([:])
    let released = Mutex<[FetchedContent]>([])

    func set(_ name: String, _ text: Result<String, StageError>) { self.files.withLock { $0[.test(name)] = text } }

    let decisions = Mutex<[HeldDecision]>([])

    func run(
        known: [LedgerEntry],
        held: [DocumentID: HeldDeletion.State],
        into receiver: any ChangeReceiver
    ) async throws {}

    /// What `checkOnce` finds, and what it was told of the ledger.
    let findings = Mutex<[Change]>([])
    let known = Mutex<[LedgerEntry]>([])

    func checkOnce(
        known: [LedgerEntry],
        held: [DocumentID: HeldDeletion.State],
        into receiver: any ChangeReceiver
    ) async throws {
        self.known.withLock { $0 = known }
        await receiver.report(.checkStarted)
        for change in self.findings.withLock({ $0 }) { try await receiver.offer(change) }
        await receiver.report(.checkFinished(nextCheckAt: .distantFuture))
    }

    func apply(_ decision: HeldDecision) { self.decisions.withLock { $0.append(decision) } }

    func fetch(_ document: SourceDocument) async throws -> FetchedContent {
        let text = try self.files.withLock { $0[document.id] ?? .failure(StageError()) }.get()
        return FetchedContent(filePath: document.path, contentHash: text, size: text.utf8.count, isTemporary: true)
    }

    func release(_ content: FetchedContent) async { self.released.withLock { $0.append(content) } }
}

/// Reads the text out of the content hash: every line a paragraph; `!name` throws, an empty text is skipped.
struct LineExtractor: Extractor {
    func identify(_ content: FetchedContent, name: String) async throws -> ContentIdentification {
        if content.contentHash.isEmpty { return .skipped(reason: "empty file") }
        return .supported(mediaType: name.hasSuffix(".md") ? "text/markdown" : "text/plain")
    }

    func extract(_ content: FetchedContent, mediaType: String) async throws -> ExtractedText {
        if content.contentHash.hasPrefix("!transient") { throw StageError(isTransient: true) }
        if content.contentHash.hasPrefix("!") { throw StageError() }
        let lines = content.contentHash.split(separator: "\n").map { TextBlock(kind: .paragraph, text: String($0)) }
        return ExtractedText(blocks: lines)
    }
}

/// Time that goes on by a second each time that it is asked for.
final class TickingClock: Sendable {
    private let seconds = Mutex(100.0)

    func tick() -> Date {
        self.seconds.withLock { seconds in
            seconds += 1
            return Date(timeIntervalSince1970: seconds)
        }
    }
}

/// Vectors that say how long the text is, and what was embedded.
final class CountingEmbedder: Embedder {
    let model = EmbeddingModel(provider: "test", name: "counting", dimensions: 2)
    let batchLimit = 2
    let tokenLimit = 256
    let batches = Mutex<[[String]]>([])
    /// Thrown by the next calls of `embed`, one each.
    let errors = Mutex<[StageError]>([])
    /// Awaited by every call before it answers.
    let gate = Mutex<(@Sendable () async -> Void)?>(nil)

    func tokenCount(_ text: Substring) -> Int { text.split(separator: " ").count }

    func embed(_ texts: [String]) async throws -> [[Float]] {
        if let error = self.errors.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { throw error }
        self.batches.withLock { $0.append(texts) }
        await self.gate.withLock { $0 }?()
        return texts.map { [Float($0.utf8.count), 0] }
    }
}
