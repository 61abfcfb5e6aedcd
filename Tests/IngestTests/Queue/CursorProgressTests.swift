import Ingest
import Testing

@Suite("Progress of a cursor")
struct CursorProgressTests {
    private func change(_ name: String, fingerprint: String = "1") -> Change {
        .upserted(
            SourceDocument(id: .test(name), name: name, path: name, url: "u", size: nil, fingerprint: fingerprint)
        )
    }

    private func finish(
        _ progress: inout CursorProgress, _ name: String, isDurable: Bool = true, committed: String? = nil
    ) -> String? {
        progress.finish(.test(name), isDurable: isDurable, committed: committed)
    }

    @Test func aCursorWithoutChangesIsCommittedAtOnce() {
        var progress = CursorProgress()
        #expect(progress.advance(to: "1") == "1")
    }

    @Test func aCursorWaitsForTheLastOfItsDocumentsInAnyOrder() {
        var progress = CursorProgress()
        for name in ["a", "b"] { progress.offer(self.change(name)) }
        #expect(progress.advance(to: "1") == nil)
        progress.take(self.change("a"))
        progress.take(self.change("b"))
        #expect(progress.completed(by: .test("b")) == nil)
        #expect(self.finish(&progress, "b") == nil)
        #expect(progress.completed(by: .test("a")) == "1")
        #expect(self.finish(&progress, "a") == "1")
    }

    @Test func aCursorThatWentWithItsDocumentIsNotCommittedAgain() {
        var progress = CursorProgress()
        progress.offer(self.change("a"))
        _ = progress.advance(to: "1")
        progress.take(self.change("a"))
        #expect(self.finish(&progress, "a", committed: progress.completed(by: .test("a"))) == nil)
        #expect(progress.advance(to: "2") == "2")
    }

    @Test func documentsAfterACursorDoNotHoldItBack() {
        var progress = CursorProgress()
        progress.offer(self.change("a"))
        _ = progress.advance(to: "1")
        progress.offer(self.change("b"))
        _ = progress.advance(to: "2")
        progress.take(self.change("b"))
        #expect(self.finish(&progress, "b") == nil)
        progress.take(self.change("a"))
        #expect(progress.completed(by: .test("a")) == "2")
        #expect(self.finish(&progress, "a") == "2")
    }

    @Test func aChangeThatReplacedAnOlderOneCoversBoth() {
        var progress = CursorProgress()
        progress.offer(self.change("a"))
        _ = progress.advance(to: "1")
        progress.offer(self.change("a", fingerprint: "2"))
        _ = progress.advance(to: "2")
        progress.take(self.change("a", fingerprint: "2"))
        #expect(self.finish(&progress, "a") == "2")
    }

    @Test func aNewerChangeOfTheSameDocumentIsNotCoveredByTheOneInHand() {
        var progress = CursorProgress()
        progress.offer(self.change("a"))
        progress.offer(self.change("a", fingerprint: "2"))
        _ = progress.advance(to: "1")
        progress.take(self.change("a"))
        #expect(progress.completed(by: .test("a")) == nil)
        #expect(self.finish(&progress, "a") == nil)
        progress.take(self.change("a", fingerprint: "2"))
        #expect(self.finish(&progress, "a") == "1")
    }

    @Test func aDocumentWithoutATraceHoldsBackItsCursorAndAllLaterOnes() {
        var progress = CursorProgress()
        progress.offer(self.change("a"))
        _ = progress.advance(to: "1")
        progress.take(self.change("a"))
        #expect(self.finish(&progress, "a", isDurable: false) == nil)
        #expect(progress.advance(to: "2") == nil)
    }

    @Test func aRetryThatNobodyOfferedChangesNothing() {
        var progress = CursorProgress()
        progress.offer(self.change("a"))
        _ = progress.advance(to: "1")
        progress.take(self.change("b"))
        #expect(self.finish(&progress, "b") == nil)
    }
}
