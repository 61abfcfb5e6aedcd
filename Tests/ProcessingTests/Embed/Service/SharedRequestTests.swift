import Ingest
import Processing
import Synchronization
import Testing

@Suite("Requests that callers share")
struct SharedRequestTests {
    private static func job(_ id: Int, _ count: Int, tokens: Int? = nil, isAlone: Bool = false) -> EmbeddingQueue.Job {
        EmbeddingQueue.Job(
            id: id, texts: (0..<count).map { "\(id).\($0)" }, tokens: tokens ?? count, isAlone: isAlone)
    }

    private static func queue(_ jobs: EmbeddingQueue.Job...) -> EmbeddingQueue {
        var queue = EmbeddingQueue(inputs: 10, tokens: 100, concurrency: 2)
        for job in jobs { queue.offer(job) }
        return queue
    }

    @Test func whatWaitsGoesTogetherAsFarAsItFits() {
        var queue = Self.queue(Self.job(1, 4), Self.job(2, 6), Self.job(3, 1))
        #expect(queue.next()?.map(\.id) == [1, 2])
        #expect(queue.next()?.map(\.id) == [3])
        #expect(queue.next() == nil)
    }

    @Test func tokensAreABoundToo() {
        var queue = Self.queue(Self.job(1, 1, tokens: 60), Self.job(2, 1, tokens: 40), Self.job(3, 1, tokens: 1))
        #expect(queue.next()?.map(\.id) == [1, 2])
    }

    @Test func noMoreThanSoManyAreOnTheirWay() {
        var queue = Self.queue(Self.job(1, 10), Self.job(2, 10), Self.job(3, 10))
        #expect(queue.next() != nil && queue.next() != nil)
        #expect(queue.next() == nil)
        queue.finish()
        #expect(queue.next()?.map(\.id) == [3])
    }

    @Test func suspectsTravelAlone() {
        var queue = Self.queue(Self.job(5, 1))
        queue.putBack([Self.job(1, 1), Self.job(2, 1)], isAlone: true)
        #expect(queue.next()?.map(\.id) == [1])
        #expect(queue.next()?.map(\.id) == [2])
        queue.finish()
        #expect(queue.next()?.map(\.id) == [5])
    }

    @Test func whoIsGoneIsNotAskedFor() {
        var queue = Self.queue(Self.job(1, 1), Self.job(2, 1))
        queue.cancel(1)
        #expect(queue.next()?.map(\.id) == [2])
    }

    @Test func textsOfSeveralDocumentsShareARequestWhenAllPlacesAreTaken() async throws {
        try await FakeService.with { service in
            let embedder = OpenAIEmbedderTests.embedder(service) { $0.concurrency = 1 }
            service.close()
            try await withThrowingTaskGroup(of: Int.self) { group in
                group.addTask { try await embedder.embed(["first"]).count }
                while service.held == 0 { await Task.yield() }
                for index in 0..<4 { group.addTask { try await embedder.embed(["a \(index)", "b \(index)"]).count } }
                while embedder.waitingCount < 4 { await Task.yield() }
                service.open()
                var counts: [Int] = []
                for try await count in group { counts.append(count) }
                #expect(counts.sorted() == [1, 2, 2, 2, 2])
            }
            #expect(service.seen.withLock { $0.map(\.request.input.count) } == [1, 8])
        }
    }

    @Test func aTextThatIsRefusedFailsOnlyItsOwnCaller() async throws {
        try await FakeService.with { service in
            let embedder = OpenAIEmbedderTests.embedder(service) { $0.concurrency = 1 }
            service.keepFailing(.refusing("poison"))
            service.close()
            await withTaskGroup(of: Bool.self) { group in
                group.addTask { (try? await embedder.embed(["first"])) != nil }
                while service.held == 0 { await Task.yield() }
                for word in ["good", "poison", "fine"] {
                    group.addTask { (try? await embedder.embed([word, "x"]))?.count == 2 }
                }
                while embedder.waitingCount < 3 { await Task.yield() }
                service.open()
                var passed = 0
                for await isRight in group where isRight { passed += 1 }
                #expect(passed == 3)
            }
        }
    }

    @Test func aCallerThatGoesAwayTakesNobodyAlong() async throws {
        try await FakeService.with { service in
            let embedder = OpenAIEmbedderTests.embedder(service) { $0.concurrency = 1 }
            service.close()
            let leader = Task { try await embedder.embed(["first"]) }
            while service.held == 0 { await Task.yield() }
            let others = [Task { try await embedder.embed(["a"]) }, Task { try await embedder.embed(["b"]) }]
            while embedder.waitingCount < 2 { await Task.yield() }
            leader.cancel()
            await #expect(throws: CancellationError.self) { try await leader.value }
            others[0].cancel()
            await #expect(throws: CancellationError.self) { try await others[0].value }
            service.open()
            let left = try await others[1].value
            #expect(left.count == 1)
        }
    }
}
