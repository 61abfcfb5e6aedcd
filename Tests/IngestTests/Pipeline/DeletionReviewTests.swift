import FoundationEssentials
import Ingest
import Synchronization
import Testing

@Suite("Deletion review")
struct DeletionReviewTests {
    private let store = MemoryStore()
    private let source = TextSource()
    private let dispatcher = JobDispatcher(capacity: 100)
    private let board = StatusBoard(pipelines: [.test], startedAt: Date(timeIntervalSince1970: 0))

    private var review: DeletionReview {
        DeletionReview(sources: [self.source], store: self.store, dispatcher: self.dispatcher, board: self.board)
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
        for id in expected { #expect(await self.dispatcher.next() == .removed(id)) }
        #expect(self.source.decisions.withLock { $0 } == [.removed(expected)])
    }

    @Test func discardedDocumentsAreKeptAndNoLongerShown() async throws {
        #expect(try await self.review.discard(in: .test) == 1)
        #expect(self.source.decisions.withLock { $0 } == [.kept([.test("a")])])
        #expect(try await self.review.list(in: .test, limit: 9).map(\.state) == [.kept, .kept])
        #expect(await self.board.snapshot()[0].stored.heldDeletions == 0)
        #expect(self.dispatcher.waitingCount(in: .test) == 0)
    }
}
