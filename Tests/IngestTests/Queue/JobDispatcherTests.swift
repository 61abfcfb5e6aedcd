import Ingest
import Synchronization
import Testing

@Suite("The queue with its waiting")
struct JobDispatcherTests {
    @Test func aWorkerThatWaitsGetsTheJobThatComes() async throws {
        let dispatcher = JobDispatcher(capacity: 4)
        async let job = dispatcher.next()
        try await dispatcher.offer(.test("a"))
        #expect(await job == .test("a"))
    }

    @Test func aFullQueueSuspendsTheSourceUntilAWorkerTakes() async throws {
        let dispatcher = JobDispatcher(capacity: 1)
        try await dispatcher.offer(.test("a"))
        let second = Task { try await dispatcher.offer(.test("b")) }

        // The second offer can only have been admitted if it is handed out after the first.
        #expect(await dispatcher.next() == .test("a"))
        #expect(await dispatcher.next() == .test("b"))
        try await second.value
    }

    @Test func closingSendsWorkersHomeAndSourcesAway() async throws {
        let dispatcher = JobDispatcher(capacity: 1)
        try await dispatcher.offer(.test("a"))
        let source = Task { try await dispatcher.offer(.test("b")) }
        dispatcher.close()

        #expect(await dispatcher.next() == nil)
        await #expect(throws: CancellationError.self) { try await source.value }
        await #expect(throws: CancellationError.self) { try await dispatcher.offer(.test("c")) }
    }

    @Test func aCancelledSourceIsFreedAndItsChangeForgotten() async throws {
        let dispatcher = JobDispatcher(capacity: 1)
        try await dispatcher.offer(.test("a"))
        let source = Task { try await dispatcher.offer(.test("b")) }
        source.cancel()

        await #expect(throws: CancellationError.self) { try await source.value }
        #expect(await dispatcher.next() == .test("a"))
        #expect(dispatcher.waitingCount(in: .test) == 0)
    }

    @Test func drainingEndsWhenNothingWaitsAndNothingIsInHand() async throws {
        let dispatcher = JobDispatcher(capacity: 1)
        await dispatcher.drain()
        try await dispatcher.offer(.test("a"))
        // The second waits for room, which is something to do, too.
        let source = Task { try await dispatcher.offer(.test("b")) }
        let done = Mutex<[String]>([])
        let drained = Task {
            await dispatcher.drain()
            done.withLock { $0.append("drained") }
        }
        for _ in 0..<2 {
            let change = try #require(await dispatcher.next())
            for _ in 0..<20 { await Task.yield() }
            done.withLock { $0.append(change.document.file) }
            dispatcher.finish(change.document)
        }
        try await source.value
        await drained.value
        #expect(done.withLock { $0 } == ["a", "b", "drained"])
    }

    @Test func closingEndsADrain() async throws {
        let dispatcher = JobDispatcher(capacity: 1)
        try await dispatcher.offer(.test("a"))
        async let drained: Void = dispatcher.drain()
        dispatcher.close()
        await drained
    }

    @Test func manySourcesAndWorkersLoseNothing() async throws {
        let dispatcher = JobDispatcher(capacity: 3)
        let taken = await withTaskGroup(of: Set<DocumentID>.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var mine: Set<DocumentID> = []
                    while let change = await dispatcher.next() {
                        mine.insert(change.document)
                        dispatcher.finish(change.document)
                        await Task.yield()
                    }
                    return mine
                }
            }
            await withThrowingTaskGroup(of: Void.self) { sources in
                for source in 0..<3 {
                    sources.addTask {
                        for number in 0..<200 { try await dispatcher.offer(.test("\(source)-\(number)")) }
                    }
                }
            }
            while dispatcher.waitingCount(in: .test) > 0 { await Task.yield() }
            dispatcher.close()
            return await group.reduce(into: Set()) { $0.formUnion($1) }
        }
        #expect(taken.count == 600)
    }
}
