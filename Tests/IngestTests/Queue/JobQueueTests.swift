import Ingest
import SeededRandom
import Testing

@Suite("The queue of changes")
struct JobQueueTests {
    @Test func handsOutInTheOrderOfArrival() {
        var queue = JobQueue(capacity: 10)
        for name in ["a", "b", "c"] { #expect(queue.offer(.test(name)) == true) }

        #expect(queue.take() == .test("a"))
        #expect(queue.take() == .test("b"))
        #expect(queue.take() == .test("c"))
        #expect(queue.take() == nil)
    }

    @Test func aNewerChangeReplacesTheOneThatWaitsAndKeepsItsPlace() {
        var queue = JobQueue(capacity: 10)
        _ = queue.offer(.test("a", fingerprint: "1"))
        _ = queue.offer(.test("b"))
        _ = queue.offer(.test("a", fingerprint: "2"))

        #expect(queue.take() == .test("a", fingerprint: "2"))
        #expect(queue.take() == .test("b"))
        #expect(queue.take() == nil)
    }

    @Test func aRemovalReplacesAnUpsertThatWaits() {
        var queue = JobQueue(capacity: 10)
        _ = queue.offer(.test("a"))
        _ = queue.offer(.removed(.test("a")))

        #expect(queue.take() == .removed(.test("a")))
        #expect(queue.take() == nil)
    }

    @Test func twoWorkersNeverHaveTheSameDocument() {
        var queue = JobQueue(capacity: 10)
        _ = queue.offer(.test("a", fingerprint: "1"))
        #expect(queue.take() != nil)
        _ = queue.offer(.test("a", fingerprint: "2"))
        _ = queue.offer(.test("b"))

        #expect(queue.take() == .test("b"))
        #expect(queue.take() == nil)
        queue.finish(.test("a"))
        #expect(queue.take() == .test("a", fingerprint: "2"))
    }

    @Test func aFullQueueRefusesNewDocumentsButNotNewerChanges() {
        var queue = JobQueue(capacity: 2)
        #expect(queue.offer(.test("a")) == true)
        #expect(queue.offer(.test("b")) == true)
        #expect(queue.offer(.test("c")) == false)
        #expect(queue.offer(.test("a", fingerprint: "2")) == true)
        _ = queue.take()
        #expect(queue.offer(.test("c")) == true)
    }

    @Test func countsWhatWaitsInEachPipeline() {
        var queue = JobQueue(capacity: 10)
        _ = queue.offer(.test("a"))
        _ = queue.offer(.test("a", fingerprint: "2"))
        _ = queue.offer(.test("b", in: "other"))
        #expect(queue.waitingCount(in: .test) == 1)
        #expect(queue.waitingCount(in: PipelineID("other")) == 1)

        _ = queue.take()
        #expect(queue.waitingCount(in: .test) == 0)
        _ = queue.offer(.test("a", fingerprint: "3"))
        #expect(queue.waitingCount(in: .test) == 1)
    }

    @Test func aFullPipelineLeavesRoomForTheOthers() {
        var queue = JobQueue(capacity: 1)
        #expect(queue.offer(.test("a")) == true)
        #expect(queue.offer(.test("b")) == false)
        #expect(queue.offer(.test("a", in: "other")) == true)
    }

    @Test func aPausedPipelineHandsOutNothingAndTheOthersGoOn() {
        var queue = JobQueue(capacity: 10)
        _ = queue.offer(.test("a"))
        _ = queue.offer(.test("b", in: "other"))
        queue.pause(.test)
        #expect(queue.isPaused(.test) == true)
        #expect(queue.take() == .test("b", in: "other"))
        #expect(queue.take() == nil)
        #expect(queue.waitingCount(in: .test) == 1)
        _ = queue.offer(.test("c"))
        #expect(queue.take() == nil)
    }

    @Test func whatAPauseHeldUpGoesFirstAndInOrder() {
        var queue = JobQueue(capacity: 10)
        queue.pause(.test)
        for name in ["a", "b"] { _ = queue.offer(.test(name)) }
        #expect(queue.take() == nil)
        _ = queue.offer(.test("x", in: "other"))
        queue.resume(.test)
        queue.resume(.test)
        #expect(queue.take() == .test("a"))
        #expect(queue.take() == .test("b"))
        #expect(queue.take() == .test("x", in: "other"))
    }

    @Test func aDocumentInHandWhenThePauseBeginsWaitsForItsEnd() {
        var queue = JobQueue(capacity: 10)
        _ = queue.offer(.test("a"))
        _ = queue.take()
        queue.pause(.test)
        _ = queue.offer(.test("a", fingerprint: "2"))
        queue.finish(.test("a"))
        #expect(queue.take() == nil)
        queue.resume(.test)
        #expect(queue.take() == .test("a", fingerprint: "2"))
    }

    @Test func aClosedQueueTakesAndGivesNothing() {
        var queue = JobQueue(capacity: 10)
        _ = queue.offer(.test("a"))
        queue.close()

        #expect(queue.offer(.test("b")) == false)
        #expect(queue.take() == nil)
    }

    /// Whatever the order of calls: no document is in two hands, and the newest change of each is handed out last.
    @Test(arguments: [1, 7, 42, 20_261_122] as [UInt64])
    func randomCallsLoseNothing(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var queue = JobQueue(capacity: 8)
        var newest: [String: Int] = [:]
        var processed: [String: Int] = [:]
        var inHand: [String] = []

        func takeOne() {
            guard case .upserted(let document)? = queue.take() else { return }
            #expect(!inHand.contains(document.id.file), "seed \(seed)")
            inHand.append(document.id.file)
            processed[document.id.file] = Int(document.fingerprint)
        }
        for step in 0..<5_000 {
            let name = "d\(Int.random(in: 0..<12, using: &random))"
            switch Int.random(in: 0..<3, using: &random) {
            case 0: if queue.offer(.test(name, fingerprint: "\(step)")) { newest[name] = step }
            case 1: takeOne()
            default: if let done = inHand.popLast() { queue.finish(.test(done)) }
            }
        }
        while let done = inHand.popLast() { queue.finish(.test(done)) }
        for _ in 0..<12 {
            takeOne()
            while let done = inHand.popLast() { queue.finish(.test(done)) }
        }
        #expect(processed == newest, "seed \(seed)")
    }
}

@Suite("Large documents in the queue")
struct LargeDocumentTests {
    private static func change(_ name: String, size: Int) -> Change {
        var document = SourceDocument.test(name)
        document.size = size
        return .upserted(document)
    }

    private static func taken(_ queue: inout JobQueue) -> String? { queue.take()?.document.file }

    @Test func smallOnesPassLargeOnesThatHaveToWait() {
        var queue = JobQueue(capacity: 10, maxLargeInHand: 1)
        for (name, size) in [("L1", JobQueue.largeSize), ("L2", 50_000_000), ("s1", 10), ("s2", 10)] {
            #expect(queue.offer(Self.change(name, size: size)) == true)
        }
        #expect(Self.taken(&queue) == "L1")
        #expect(Self.taken(&queue) == "s1")
        #expect(Self.taken(&queue) == "s2")
        #expect(Self.taken(&queue) == nil)
        queue.finish(.test("s1"))
        #expect(Self.taken(&queue) == nil)
        queue.finish(.test("L1"))
        #expect(Self.taken(&queue) == "L2")
    }

    @Test func largeOnesKeepTheirTurnAmongSmallOnes() {
        var queue = JobQueue(capacity: 10, maxLargeInHand: 1)
        for (name, size) in [("s1", 10), ("L1", JobQueue.largeSize), ("s2", 10)] {
            #expect(queue.offer(Self.change(name, size: size)) == true)
        }
        #expect([Self.taken(&queue), Self.taken(&queue), Self.taken(&queue)] == ["s1", "L1", "s2"])
    }

    @Test func aDocumentThatGrewInHandIsCountedByWhatItWas() {
        var queue = JobQueue(capacity: 10, maxLargeInHand: 1)
        #expect(queue.offer(Self.change("a", size: 10)) == true)
        #expect(Self.taken(&queue) == "a")
        #expect(queue.offer(Self.change("a", size: JobQueue.largeSize)) == true)
        queue.finish(.test("a"))
        #expect(Self.taken(&queue) == "a")
        #expect(queue.offer(Self.change("b", size: JobQueue.largeSize)) == true)
        #expect(Self.taken(&queue) == nil)
        queue.finish(.test("a"))
        #expect(Self.taken(&queue) == "b")
        queue.finish(.test("b"))
        #expect(queue.isIdle)
    }
}
