import FoundationEssentials
import Ingest
import Logging
import Synchronization
import Testing

@Suite("Deletion review")
struct DeletionReviewTests {
    private let store = MemoryStore()
    private let source = TextSource()
    private let dispatcher = JobDispatcher(capacity: 2)
    private let removals = ConfirmedRemovals()
    private let board = StatusBoard(pipelines: [.test], startedAt: Date(timeIntervalSince1970: 0))

    private var review: DeletionReview {
        DeletionReview(sources: [self.source], store: self.store, removals: self.removals, board: self.board)
    }

    /// Runs a body while what was confirmed is taken to the queue.
    private func whileQueueing(_ body: () async throws -> Void) async throws {
        let service = RemovalService(
            pipelines: [.test], removals: self.removals, dispatcher: self.dispatcher, board: self.board)
        let task = Task { try await service.run() }
        try await body()
        task.cancel()
        try await task.value
    }

    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private var retries: RetryScheduler { RetryScheduler(policy: RetryPolicy(), dispatcher: self.dispatcher) }

    private func processor(_ removals: ConfirmedRemovals) -> DocumentProcessor {
        let embedder = CountingEmbedder()
        return DocumentProcessor(
            sources: [self.source], store: self.store, extractor: LineExtractor(),
            chunker: Chunker(limits: .init(size: 16, overlap: 0), countTokens: embedder.tokenCount),
            embedder: embedder, board: self.board, retries: self.retries, removals: removals, logger: Self.logger
        )
    }

    /// What takes changes to the queue, in the process that these removals are of.
    private func service(_ removals: ConfirmedRemovals) -> SourceService {
        SourceService(
            source: self.source, store: self.store, dispatcher: self.dispatcher, processor: self.processor(removals),
            retries: self.retries, board: self.board, cursors: CursorBook(), removals: removals,
            started: AsyncStream { $0.finish() }, logger: Self.logger
        )
    }

    /// Three documents: the first on hold, the second kept, the third there.
    init() async throws {
        for name in ["a", "b", "c"] {
            let entry = LedgerEntry(
                document: .test(name), state: .skipped(reason: "test"), contentHash: nil, mediaType: nil,
                updatedAt: Date(timeIntervalSince1970: 0)
            )
            _ = try await self.store.record(entry)
        }
        let since = Date(timeIntervalSince1970: 1)
        _ = try await self.store.hold([.test("b")], in: .test, since: since)
        _ = try await self.store.keepHeld(in: .test)
        _ = try await self.store.hold([.test("a")], in: .test, since: since)
    }

    @Test(arguments: [false, true]) func confirmedDocumentsAreQueuedForRemoval(_ includingKept: Bool) async throws {
        let expected: [DocumentID] = includingKept ? [.test("a"), .test("b")] : [.test("a")]
        #expect(try await self.review.confirm(in: .test, includingKept: includingKept) == expected.count)
        try await self.whileQueueing {
            for id in expected { #expect(await self.dispatcher.next() == .removed(id)) }
        }
        #expect(self.source.decisions.withLock { $0 } == [.removed(expected)])
        #expect(try await self.store.confirmedDeletions(in: .test) == expected)
        #expect(await self.board.snapshot()[0].stored.heldDeletions == 0)
    }

    @Test(.timeLimit(.minutes(1))) func aDecisionIsTakenWhateverTheQueueHolds() async throws {
        let many = (0..<9).map { DocumentID.test("many\($0)") }
        for id in many {
            let entry = LedgerEntry(
                document: .test(id.file), state: .skipped(reason: "test"), contentHash: nil, mediaType: nil,
                updatedAt: Date(timeIntervalSince1970: 0)
            )
            _ = try await self.store.record(entry)
        }
        _ = try await self.store.hold(many, in: .test, since: Date(timeIntervalSince1970: 1))
        self.dispatcher.pause(.test)
        try await self.whileQueueing {
            #expect(try await self.review.confirm(in: .test, includingKept: false) == many.count + 1)
            #expect(try await self.review.confirm(in: .test, includingKept: false) == 0)
            #expect(self.dispatcher.waitingCount(in: .test) <= 2)
            self.dispatcher.resume(.test)
            let processor = self.processor(self.removals)
            for _ in 0...many.count {
                let change = try #require(await self.dispatcher.next())
                await processor.process(change)
                self.dispatcher.finish(change.document)
            }
        }
        #expect(try await self.store.ledger(of: .test).map(\.document.id.file).sorted() == ["b", "c"])
        #expect(try await self.store.confirmedDeletions(in: .test) == [])
        #expect(many.allSatisfy { !self.removals.contains($0) })
    }

    @Test func whatWasConfirmedAndNotDoneIsTakenUpByTheNextStart() async throws {
        _ = try await self.review.confirm(in: .test, includingKept: false)
        let next = ConfirmedRemovals()
        try await self.service(next).pass()
        #expect(next.contains(.test("a")))
        #expect(Set(self.source.known.withLock { $0.map(\.document.id) }) == [.test("b"), .test("c")])
        #expect(await self.dispatcher.next() == .removed(.test("a")))
    }

    @Test func aFileThatIsBackIsNotRemoved() async throws {
        _ = try await self.review.confirm(in: .test, includingKept: true)
        try await self.service(self.removals).offer(.upserted(.test("a")))
        #expect(try await self.store.confirmedDeletions(in: .test) == [.test("b")])
        try await self.whileQueueing {
            #expect(await self.dispatcher.next() == .upserted(.test("a")))
            #expect(await self.dispatcher.next() == .removed(.test("b")))
        }
        #expect(self.dispatcher.waitingCount(in: .test) == 0)
    }

    @Test func discardedDocumentsAreKeptAndNoLongerShown() async throws {
        #expect(try await self.review.discard(in: .test) == 1)
        #expect(self.source.decisions.withLock { $0 } == [.kept([.test("a")])])
        #expect(try await self.store.heldDeletions(in: .test, limit: 9).map(\.state) == [.kept, .kept])
        #expect(await self.board.snapshot()[0].stored.heldDeletions == 0)
        #expect(self.dispatcher.waitingCount(in: .test) == 0)
    }
}
