import FoundationEssentials
import Ingest
import Logging
import Synchronization
import Testing

@Suite("One document through the pipeline")
struct DocumentProcessorTests {
    private let store = MemoryStore()
    private let source = TextSource()
    private let embedder = CountingEmbedder()
    private let clock = TickingClock()
    private let board = StatusBoard(pipelines: [.test], startedAt: Date(timeIntervalSince1970: 0))
    private let processor: DocumentProcessor

    init() {
        self.processor = DocumentProcessor(
            sources: [self.source],
            store: self.store,
            extractor: LineExtractor(),
            chunker: Chunker(limits: .init(size: 16, overlap: 0), countTokens: self.embedder.tokenCount),
            embedder: self.embedder,
            board: self.board,
            retries: RetryScheduler(policy: RetryPolicy(), dispatcher: JobDispatcher(capacity: 4)),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { [clock] in clock.tick() }
        )
    }

    /// Five paragraphs too long to share a chunk.
    private static func paragraphs(_ letters: String = "abcde") -> String {
        letters.map { letter in Array(repeating: "\(letter)word", count: 12).joined(separator: " ") }
            .joined(separator: "\n")
    }

    /// Processes changes in order and returns what was reported, in short.
    private func report(_ changes: Change...) async -> [String] {
        let updates = await self.board.updates()
        for change in changes { await self.processor.process(change) }
        await self.board.close()
        var lines: [String] = []
        for await case .event(let event) in updates { lines.append(Self.line(event.kind)) }
        return lines
    }

    private func report(change: Change, times: Int) async -> [String] {
        let updates = await self.board.updates()
        for _ in 0..<times { await self.processor.process(change) }
        await self.board.close()
        var lines: [String] = []
        for await case .event(let event) in updates { lines.append(Self.line(event.kind)) }
        return lines
    }

    /// What is reported while a body runs, in short.
    private func lines(_ body: () async -> Void) async -> [String] {
        let updates = await self.board.updates()
        await body()
        let marker = IngestEvent(.queueChanged(waiting: 0), in: Pipeline.test.id, at: Date())
        await self.board.record(marker)
        var lines: [String] = []
        for await case .event(let event) in updates {
            if event == marker { break }
            lines.append(Self.line(event.kind))
        }
        return lines
    }

    private static func line(_ kind: IngestEvent.Kind) -> String {
        switch kind {
        case .documentStarted(let active): "started \(active.document.id.file) \(active.mediaType ?? "?")"
        case .documentProgressed(_, _, let stage, let progress): "\(stage) \((progress * 100).rounded() / 100)"
        case .documentStored(let completed, let stored):
            "stored \(completed.results.chunksCreated) generated \(completed.results.embeddingsGenerated)"
                + " reused \(completed.results.embeddingsReused) total \(stored.documents)"
        case .documentFailed(let failed, _):
            "failed \(failed.failure.type) in \(failed.failure.stage) attempt \(failed.attempt)"
                + (failed.nextAttemptAt == nil ? "" : " again")
        case .documentPostponed(let failed, _): "postponed \(failed.failure.type) attempt \(failed.attempt)"
        case .documentSkipped(_, let stored): "skipped\(stored == nil ? "" : " total \(stored?.documents ?? 0)")"
        case .documentRemoved(_, let name, let chunks, let stored): "removed \(name) \(chunks) left \(stored.documents)"
        default: "other"
        }
    }

    @Test func aDocumentGoesThroughEveryStageInOrder() async {
        self.source.set("a", .success(Self.paragraphs()))
        let lines = await self.report(.test("a"))
        #expect(
            lines == [
                "started a text/plain", "extraction 0.0", "chunking 0.0", "embedding 0.14", "embedding 0.43",
                "embedding 0.71", "embedding 0.86", "storing 0.86", "stored 5 generated 5 reused 0 total 1",
            ]
        )
        #expect(self.source.released.withLock { $0.count } == 1)
    }

    @Test func unchangedContentIsNotProcessedTwice() async {
        self.source.set("a", .success(Self.paragraphs()))
        let lines = await self.report(.test("a"), .test("a", fingerprint: "2"))
        #expect(lines.suffix(2) == ["stored 5 generated 5 reused 0 total 1", "skipped"])
        #expect(self.store.contents.withLock { $0.entries[.test("a")]?.document.fingerprint } == "2")
    }

    @Test func aMovedDocumentKeepsItsChunksAndGetsItsNewPlace() async {
        self.source.set("a", .success(Self.paragraphs()))
        var moved = SourceDocument.test("a")
        moved.path = "elsewhere/b.txt"
        moved.name = "b.txt"
        let lines = await self.report(.test("a"), .upserted(moved))
        #expect(lines.last == "skipped")
        let entry = self.store.contents.withLock { $0.entries[moved.id] }
        #expect(entry?.document.path == "elsewhere/b.txt")
        guard case .stored? = entry?.state else {
            Issue.record("must still be stored")
            return
        }
    }

    @Test func aNewTypeForTheSameBytesIsProcessedAgain() async {
        self.source.set("a", .success(Self.paragraphs()))
        var renamed = SourceDocument.test("a")
        renamed.name = "a.md"
        let lines = await self.report(.test("a"), .upserted(renamed))
        #expect(lines.last == "stored 5 generated 0 reused 5 total 1")
    }

    @Test func onlyWhatChangedIsEmbeddedAgain() async {
        self.source.set("a", .success(Self.paragraphs("abcde")))
        await self.processor.process(.test("a"))
        self.source.set("a", .success(Self.paragraphs("abXde")))
        let lines = await self.report(.test("a", fingerprint: "2"))
        #expect(lines.last == "stored 5 generated 1 reused 4 total 1")
        #expect(self.embedder.batches.withLock { $0.last?.first?.hasPrefix("Xword") } == true)
    }

    @Test func aTextThatOccursTwiceIsEmbeddedOnce() async {
        self.source.set("a", .success(Self.paragraphs("aabb")))
        let lines = await self.report(.test("a"))
        #expect(lines.last == "stored 4 generated 2 reused 2 total 1")
    }

    @Test func aPermanentFailureIsRecordedAndNotTriedAgain() async {
        self.source.set("a", .success("!broken"))
        let lines = await self.report(.test("a"), .test("a", fingerprint: "2"))
        #expect(
            lines == [
                "started a text/plain", "extraction 0.0", "failed Broken in extraction attempt 1", "skipped",
            ]
        )
    }

    @Test func aTransientFailureCountsItsAttempts() async {
        self.source.set("a", .success("!transient"))
        let lines = await self.report(.test("a"), .test("a"))
        #expect(
            lines.filter { $0.hasPrefix("failed") } == [
                "failed Broken in extraction attempt 1 again", "failed Broken in extraction attempt 2 again",
            ])
    }

    @Test func whatIsNoDocumentsFaultCountsAgainstNone() async {
        self.source.set("a", .success(Self.paragraphs()))
        let outage = StageError(typeName: "Outage", isTransient: true, concernsDocument: false)
        let own = StageError(typeName: "Own", isTransient: true)
        self.embedder.errors.withLock { $0 = Array(repeating: outage, count: 20) + [own, outage, own] }
        let lines = await self.report(change: .test("a"), times: 24)
        let failures = lines.filter { $0.hasPrefix("failed") }
        #expect(failures.count == 23)
        #expect(Set(failures.prefix(20)) == ["failed Outage in embedding attempt 0 again"])
        #expect(
            Array(failures.suffix(3)) == [
                "failed Own in embedding attempt 1 again", "failed Outage in embedding attempt 1 again",
                "failed Own in embedding attempt 2 again",
            ]
        )
        #expect(lines.last == "stored 5 generated 5 reused 0 total 1")
    }

    /// Those of others are over after the fifth.
    @Test func whatWaitsForItsSourceIsNeverADeadLetter() async {
        self.source.set("a", .failure(StageError(typeName: "Away", isTransient: true, waitsForSource: true)))
        self.source.set("b", .failure(StageError(typeName: "Own", isTransient: true)))
        for _ in 0..<4 {
            await self.processor.process(.test("a"))
            await self.processor.process(.test("b"))
        }
        let lines = await self.report(.test("a"), .test("a"), .test("b"))
        #expect(
            lines.filter { $0.hasPrefix("failed") } == [
                "failed Away in extraction attempt 5 again", "failed Away in extraction attempt 6 again",
                "failed Own in extraction attempt 5",
            ])
    }

    @Test func whatIsReportedOnceIsNoNewsUntilItIsAnother() async throws {
        let secret = StageError(typeName: "Secret", isTransient: true, waitsForSource: true, isReportedOnce: true)
        self.source.set("a", .failure(secret))
        var lines = await self.lines { for _ in 0..<10 { await self.processor.process(.test("a")) } }
        #expect(lines.prefix(3) == ["started a ?", "extraction 0.0", "failed Secret in extraction attempt 1 again"])
        #expect(lines.dropFirst(3) == (2...10).map { "postponed Secret attempt \($0)" }[...])
        let entry = try #require(self.store.contents.withLock { $0.entries[.test("a")] })
        guard case .failed(_, 10, let next?) = entry.state else {
            Issue.record("must wait for another attempt: \(entry.state)")
            return
        }
        #expect(next > entry.updatedAt)

        self.source.set("a", .failure(StageError(typeName: "Other", isTransient: true)))
        lines = await self.lines { await self.processor.process(.test("a")) }
        #expect(lines.last?.hasPrefix("failed Other") == true)
        self.source.set("a", .failure(secret))
        lines = await self.lines { await self.processor.process(.test("a")) }
        #expect(lines.last?.hasPrefix("failed Secret") == true, "it is another failure than before")
        self.source.set("a", .success(Self.paragraphs()))
        lines = await self.lines { await self.processor.process(.test("a")) }
        #expect(lines.last == "stored 5 generated 5 reused 0 total 1")
    }

    @Test func whoAsksForAnotherAttemptIsToldOfItsEnd() async throws {
        let secret = StageError(typeName: "Secret", isTransient: true, waitsForSource: true, isReportedOnce: true)
        self.source.set("a", .failure(secret))
        await self.processor.process(.test("a"))
        self.store.contents.withLock { contents in
            guard case .failed(let failure, _, let next)? = contents.entries[.test("a")]?.state else { return }
            contents.entries[.test("a")]?.state = .failed(failure, attempt: 0, nextAttemptAt: next)
        }
        let lines = await self.lines { await self.processor.process(.test("a")) }
        #expect(lines.last == "failed Secret in extraction attempt 1 again")
    }

    /// Documents in work at the same time: the second begins when the first is embedding.
    @Test func textsThatDocumentsInWorkShareAreEmbeddedOnce() async {
        self.source.set("a", .success(Self.paragraphs("abc")))
        self.source.set("b", .success(Self.paragraphs("cab")))
        let (started, begin) = AsyncStream.makeStream(of: Void.self)
        let (opened, open) = AsyncStream.makeStream(of: Never.self)
        self.embedder.gate.withLock {
            $0 = {
                begin.yield()
                for await _ in opened {}
            }
        }
        let processor = self.processor
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await processor.process(.test("a")) }
            for await _ in started { break }
            group.addTask { await processor.process(.test("b")) }
            open.finish()
        }
        #expect(self.embedder.batches.withLock { $0.flatMap { $0 }.count } == 3)
        let versions = self.store.contents.withLock { $0.versions }
        #expect(versions.count == 2)
        for version in versions.values { #expect(version.vectors.count == 3) }
    }

    @Test func aTextIsEmbeddedByAnotherWhenItsHolderFails() async throws {
        let claims = TextClaims()
        let (first, second) = (await claims.open(), await claims.open())
        #expect(await first.claim(["x", "y"]).mine == ["x", "y"])
        #expect(await second.claim(["y", "z"]).others == ["y"])
        await first.settle([("x", [1])])
        #expect(try await second.vector(of: "x") == [1])
        async let waited = second.vector(of: "y")
        await first.close()
        #expect(try await waited == nil)
        #expect(await second.claim(["y"]).mine == ["y"])
    }

    @Test func aChangedDocumentStartsItsAttemptsAnew() async {
        self.source.set("a", .success("!transient one"))
        await self.processor.process(.test("a"))
        self.source.set("a", .success("!transient two"))
        let lines = await self.report(.test("a", fingerprint: "2"))
        #expect(lines.last == "failed Broken in extraction attempt 1 again")
    }

    @Test func aFailedFetchIsStartedAndFailed() async {
        self.source.set("a", .failure(StageError(typeName: "Vanished")))
        let lines = await self.report(.test("a"))
        #expect(lines == ["started a ?", "extraction 0.0", "failed Vanished in extraction attempt 1"])
        #expect(self.source.released.withLock { $0.isEmpty })
    }

    @Test func aFailedStoreIsAFailureNotACompletion() async {
        self.source.set("a", .success(Self.paragraphs()))
        self.store.contents.withLock { $0.replaceError = StageError(typeName: "DiskFull", isTransient: true) }
        let lines = await self.report(.test("a"))
        #expect(lines.last == "failed DiskFull in storing attempt 1 again")
        #expect(self.store.contents.withLock { $0.versions.isEmpty })
    }

    @Test func whatADocumentTookIncludesStoringIt() async throws {
        self.source.set("a", .success(Self.paragraphs()))
        self.store.contents.withLock { $0.willReplace = { [clock] in for _ in 0..<1_000 { _ = clock.tick() } } }
        let updates = await self.board.updates()
        await self.processor.process(.test("a"))
        await self.board.close()
        let entry = try #require(self.store.contents.withLock { $0.entries[.test("a")] })
        guard case .stored(let results) = entry.state else {
            Issue.record("must be stored")
            return
        }
        #expect(try #require(entry.timings[.storing]) >= 1_000)
        #expect(results.processingDuration == Stage.allCases.compactMap { entry.timings[$0] }.reduce(0, +))
        var reported: [CompletedDocument] = []
        for await case .event(let event) in updates {
            if case .documentStored(let completed, _) = event.kind { reported.append(completed) }
        }
        #expect(reported.map(\.results) == [results])
        #expect(reported.map(\.completedAt) == [entry.updatedAt])
    }

    @Test func anEmptyFileIsSkippedWithoutBeingStarted() async {
        self.source.set("a", .success(""))
        let lines = await self.report(.test("a"))
        #expect(lines == ["skipped total 0"])
    }

    @Test func aDocumentThatBecameEmptyLeavesNothingBehind() async {
        self.source.set("a", .success(Self.paragraphs()))
        await self.processor.process(.test("a"))
        self.source.set("a", .success(""))
        let lines = await self.report(.test("a", fingerprint: "2"))
        #expect(lines == ["skipped total 0"])
    }

    @Test func removingReportsWhatWent() async {
        self.source.set("a", .success(Self.paragraphs()))
        await self.processor.process(.test("a"))
        let lines = await self.report(.removed(.test("a")))
        #expect(lines == ["removed a.txt 5 left 0"])
    }

    @Test func removingTheUnknownIsNotMentioned() async {
        let lines = await self.report(.removed(.test("never seen")))
        #expect(lines.isEmpty)
    }

    @Test func aCancelledJobRecordsNothing() async {
        self.source.set("a", .success(Self.paragraphs()))
        let processor = self.processor
        let job = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await processor.process(.test("a"))
        }
        await job.value
        #expect(self.store.contents.withLock { $0.entries.isEmpty && $0.versions.isEmpty })
    }
}
