import FoundationEssentials
import Ingest
import Testing

@Suite("The status of a pipeline")
struct PipelineStatusTests {
    private let start = Date(timeIntervalSince1970: 1_000_000)

    private func status(after kinds: IngestEvent.Kind...) -> PipelineStatus {
        var status = PipelineStatus(pipeline: .test, startedAt: self.start)
        for (second, kind) in kinds.enumerated() {
            status.apply(IngestEvent(kind, in: .test, at: self.start.addingTimeInterval(Double(second))))
        }
        return status
    }

    private func started(_ name: String) -> IngestEvent.Kind {
        .documentStarted(
            ActiveDocument(document: .test(name), mediaType: "text/plain", startedAt: self.start, estimatedDuration: 1)
        )
    }

    private func stored(_ name: String, total: Int = 1, revision: Int? = nil) -> IngestEvent.Kind {
        let results = Results(
            chunksCreated: 2,
            embeddingsGenerated: 2,
            embeddingsReused: 0,
            processingDuration: 1,
            contentLength: 10
        )
        return .documentStored(
            CompletedDocument(document: .test(name), completedAt: self.start, results: results),
            stored: StoreTotals(documents: total, chunks: 2 * total, revision: revision ?? total)
        )
    }

    private func failed(_ name: String, stored: StoreTotals? = nil) -> IngestEvent.Kind {
        .documentFailed(
            FailedDocument(
                document: .test(name),
                failedAt: self.start,
                failure: DocumentFailure(type: "T", message: "m", stage: .extraction, isRetryable: false),
                attempt: 1,
                nextAttemptAt: nil
            ),
            stored: stored
        )
    }

    @Test func allFailuresAreCountedAlsoThoseThatAreNoLongerShown() {
        let many = PipelineStatus.failedLimit + 2
        let failures = (1...many).map { number in
            self.failed("\(number)", stored: StoreTotals(documents: 0, chunks: 0, revision: number, failed: number))
        }
        var status = PipelineStatus(pipeline: .test, startedAt: self.start)
        for kind in failures { status.apply(IngestEvent(kind, in: .test, at: self.start)) }
        #expect(status.failed.count == PipelineStatus.failedLimit)
        #expect(status.stored.failed == many)
        let again = StoreTotals(documents: 0, chunks: 0, revision: many + 1, retrying: many)
        status.apply(IngestEvent(.totalsChanged(stored: again), in: .test, at: self.start))
        #expect(status.stored.failed == 0 && status.stored.retrying == many)
    }

    @Test func attemptThatIsNoNewsChangesOnlyWhatIsSaidOfTheNextOne() {
        let postponed = FailedDocument(
            document: .test("a"),
            failedAt: self.start,
            failure: DocumentFailure(type: "T", message: "m", stage: .extraction, isRetryable: false),
            attempt: 2,
            nextAttemptAt: self.start
        )
        let totals = StoreTotals(documents: 0, chunks: 0, revision: 1, retrying: 1)
        let before = self.status(after: self.failed("a"), self.failed("b"))
        let after = self.status(
            after: self.failed("a"), self.failed("b"), .documentPostponed(postponed, stored: totals))
        #expect(after.failed.map(\.document.id.file) == ["b", "a"] && after.failed.map(\.attempt) == [1, 2])
        #expect(after.failed.last?.nextAttemptAt == self.start && after.stored == totals)
        #expect(after.totalFailed == before.totalFailed && after.lastActivityAt == before.lastActivityAt)
        #expect(self.status(after: .documentPostponed(postponed, stored: nil)).failed.isEmpty)
    }

    @Test func whatHindersAllDocumentsIsTheTroubleOfThePipeline() {
        let hindered = IngestEvent.Kind.documentFailed(
            FailedDocument(
                document: .test("a"),
                failedAt: self.start,
                failure: DocumentFailure(
                    type: "T", message: "the service is down", stage: .embedding, isRetryable: true),
                attempt: 0,
                nextAttemptAt: self.start,
                concernsDocument: false
            ),
            stored: nil
        )
        let checked = IngestEvent.Kind.source(.checkFinished(nextCheckAt: self.start))
        let status = self.status(after: checked, hindered)
        #expect(status.state == .error)
        #expect(status.notice == "the service is down")
        #expect(self.status(after: checked, hindered, checked, self.failed("b")).state == .error)
        let mended = self.status(after: checked, hindered, self.stored("b"))
        #expect(mended.state == .online && mended.notice == nil)
        #expect(self.status(after: checked, self.failed("b")).state == .online)
    }

    @Test func isInitializingUntilTheFirstCheckBegins() {
        #expect(self.status().state == .initializing)
        #expect(self.status(after: .source(.checkStarted)).state == .online)
        #expect(self.status(after: .source(.checkStarted)).isChecking)
    }

    @Test func anUnreadablePlaceIsAnErrorUntilACheckEnds() {
        let broken = self.status(after: .source(.checkStarted), Self.gone)
        #expect(broken.state == .error)
        #expect(broken.problem == "gone")
        #expect(!broken.isChecking)

        let checking = self.status(after: Self.gone, .source(.checkStarted))
        #expect(checking.state == .error)

        let next = self.start.addingTimeInterval(60)
        let mended = self.status(
            after: Self.gone,
            .source(.checkFinished(nextCheckAt: next))
        )
        #expect(mended.state == .online)
        #expect(mended.problem == nil)
        #expect(mended.lastCheckAt == self.start.addingTimeInterval(1))
        #expect(mended.nextCheckAt == next)
    }

    @Test func progressNeverDecreases() {
        let status = self.status(
            after: self.started("a"),
            .documentProgressed(.test("a"), name: "a", stage: .embedding, progress: 0.5),
            .documentProgressed(.test("a"), name: "a", stage: .embedding, progress: 0.4)
        )
        #expect(status.processing.map(\.progress) == [0.5])
        #expect(status.processing.map(\.stage) == [.embedding])
    }

    @Test func aDocumentIsInOneListOnly() {
        let status = self.status(after: self.started("a"), self.failed("a"), self.started("a"), self.stored("a"))
        #expect(status.processing.isEmpty)
        #expect(status.failed.isEmpty)
        #expect(status.completed.map(\.document.id.file) == ["a"])
        #expect(status.totalFailed == 1)
        #expect(status.totalProcessed == 1)
    }

    @Test func filesAreToldApartByIdNotByName() {
        var first = SourceDocument.test("a")
        first.name = "README.md"
        var second = SourceDocument.test("b")
        second.name = "README.md"
        let active = [first, second].map {
            ActiveDocument(document: $0, mediaType: nil, startedAt: self.start, estimatedDuration: nil)
        }
        let status = self.status(after: .documentStarted(active[0]), .documentStarted(active[1]), self.stored("a"))
        #expect(status.processing.map(\.document.id.file) == ["b"])
    }

    @Test func aRemovedDocumentStaysNowhere() {
        let removed = IngestEvent.Kind.documentRemoved(
            .test("a"),
            name: "a.txt",
            chunks: 2,
            stored: StoreTotals(documents: 0, chunks: 0, revision: 2)
        )
        for before in [self.started("a"), self.stored("a"), self.failed("a")] {
            let status = self.status(after: before, removed)
            #expect(status.processing.isEmpty && status.completed.isEmpty && status.failed.isEmpty)
            #expect(status.totalRemoved == 1)
            #expect(status.stored == StoreTotals(documents: 0, chunks: 0, revision: 2))
        }
    }

    @Test func totalsThatArriveLateDoNotReplaceNewerOnes() {
        let status = self.status(
            after: self.stored("a", total: 4, revision: 8),
            self.stored("b", total: 3, revision: 7)
        )
        #expect(status.stored == StoreTotals(documents: 4, chunks: 8, revision: 8))
        #expect(status.totalProcessed == 2)
    }

    @Test func keepsTheLastTenCompletedAndTheLastFiveFailedNewestFirst() {
        var status = PipelineStatus(pipeline: .test, startedAt: self.start)
        for number in 1...12 {
            status.apply(IngestEvent(self.stored("c\(number)", total: number), in: .test, at: self.start))
            status.apply(IngestEvent(self.failed("f\(number)"), in: .test, at: self.start))
        }
        #expect(status.completed.map(\.document.id.file) == (3...12).reversed().map { "c\($0)" })
        #expect(status.failed.map(\.document.id.file) == (8...12).reversed().map { "f\($0)" })
        #expect(status.stored.documents == 12)
    }

    @Test func aSkippedDocumentCountsAsSkippedOnly() {
        let status = self.status(after: .documentSkipped(.test("a"), stored: nil))
        #expect(status.totalSkipped == 1)
        #expect(status.totalProcessed == 0 && status.totalFailed == 0 && status.processing.isEmpty)
    }

    @Test(arguments: [
        (IngestEvent.StopReason.normalShutdown, PipelineState.offline),
        (.timeout, .offline),
        (.error, .error),
    ])
    func stoppingEmptiesWhatIsInHand(reason: IngestEvent.StopReason, state: PipelineState) {
        let status = self.status(after: self.started("a"), .pipelineStopped(reason))
        #expect(status.state == state)
        #expect(status.processing.isEmpty)
        #expect(status.nextCheckAt == nil)
    }

    @Test func aPauseShowsUntilItEnds() {
        let checked: [IngestEvent.Kind] = [.source(.checkStarted), .source(.checkFinished(nextCheckAt: self.start))]
        func state(_ kinds: [IngestEvent.Kind]) -> PipelineState {
            var status = PipelineStatus(pipeline: .test, startedAt: self.start)
            for kind in checked + kinds { status.apply(IngestEvent(kind, in: .test, at: self.start)) }
            return status.state
        }
        #expect(state([.pauseChanged(isPaused: true)]) == .paused)
        #expect(state([.pauseChanged(isPaused: true)] + checked) == .paused)
        #expect(state([.pauseChanged(isPaused: true), Self.gone]) == .error)
        #expect(state([.pauseChanged(isPaused: true), .pauseChanged(isPaused: false)]) == .online)
        #expect(state([.pipelineStopped(.normalShutdown), .pauseChanged(isPaused: true)]) == .offline)
    }

    @Test func theHistoryCountsWhatWasFinishedAndWhatFailed() {
        let status = self.status(after: self.stored("a"), self.failed("b"), self.stored("c"))
        let hour = status.history.lastHour(now: self.start.addingTimeInterval(3))
        #expect(hour.last == ActivityHistory.Minute(completed: 2, failed: 1))
    }

    private static let gone = IngestEvent.Kind.source(.unavailable(message: "gone", nextCheckAt: nil))

    @Test func partialProblemIsAnErrorWithoutGoingOnline() {
        let next = Date(timeIntervalSince1970: 60)
        let status = self.status(after: .source(.checkFinished(nextCheckAt: next, problem: "half")))
        #expect(status.state == .error)
        #expect(status.problem == "half")
        #expect(status.nextCheckAt == next)
        #expect(status.lastCheckAt != nil)
    }

    @Test func unavailableSourceSaysWhenItIsTriedAgain() {
        let next = Date(timeIntervalSince1970: 60)
        #expect(self.status(after: .source(.unavailable(message: "gone", nextCheckAt: next))).nextCheckAt == next)
    }

    @Test func warningAndHeldDeletionsAreNoticesOfAPipelineThatIsOnline() {
        let next = Date(timeIntervalSince1970: 60)
        let held = StoreTotals(documents: 30, chunks: 60, revision: 3, heldDeletions: 12)
        var status = self.status(
            after: .source(.checkFinished(nextCheckAt: next, warning: "too few watches")),
            .totalsChanged(stored: held)
        )
        #expect(status.state == .online)
        #expect(
            status.notice == "12 files are gone and their documents are kept until someone decides: see "
                + "'corpusd deletions list', then run 'corpusd deletions confirm' to remove or "
                + "'corpusd deletions discard' to keep them; too few watches"
        )
        #expect(status.problem == nil)
        let late = StoreTotals(documents: 30, chunks: 60, revision: 2, heldDeletions: 0)
        status.apply(IngestEvent(.totalsChanged(stored: late), in: .test, at: next))
        #expect(status.stored.heldDeletions == 12)
        status.apply(IngestEvent(.source(.checkFinished(nextCheckAt: next)), in: .test, at: next))
        status.apply(
            IngestEvent(
                .totalsChanged(stored: StoreTotals(documents: 18, chunks: 36, revision: 9)), in: .test, at: next)
        )
        #expect(status.notice == nil)
    }
}
