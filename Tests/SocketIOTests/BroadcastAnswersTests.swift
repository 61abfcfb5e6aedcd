import EngineIO
import SeededRandom
import SocketIO
import Testing

@Suite("Answers of several clients")
struct BroadcastAnswersTests {
    private static let sockets: [SocketID] = {
        var generator = SplitMix64(seed: 8)
        return (0..<4).map { SocketID(shard: $0, using: &generator) }
    }()

    private let a = Self.sockets[0]
    private let b = Self.sockets[1]
    private let c = Self.sockets[2]

    @Test func outcomeComesWithTheLastAnswer() {
        var answers = BroadcastAnswers(parts: 2)
        #expect(answers.asked([self.a, self.b]) == nil)
        #expect(answers.answered(self.b, [1]) == nil)
        #expect(answers.answered(self.a, []) == nil)
        #expect(answers.asked([self.c]) == nil)
        let outcome = answers.answered(self.c, [3])
        #expect(outcome?.answers.map(\.socket) == [self.b, self.a, self.c])
        #expect(outcome?.answers.map(\.arguments) == [[1], [], [3]])
        #expect(outcome?.missing == [])
    }

    @Test func nobodyAskedIsAnOutcome() {
        var answers = BroadcastAnswers(parts: 2)
        #expect(answers.asked([]) == nil)
        let outcome = answers.asked([])
        #expect(outcome?.answers == [])
        #expect(outcome?.missing == [])
    }

    @Test func whoLeftIsNotWaitedFor() {
        var answers = BroadcastAnswers(parts: 1)
        _ = answers.asked([self.a, self.b])
        #expect(answers.lost(self.a) == nil)
        let outcome = answers.answered(self.b, [])
        #expect(outcome?.missing == [self.a])
        #expect(outcome?.answers.count == 1)
    }

    @Test func deadlineEndsTheWaiting() {
        var answers = BroadcastAnswers(parts: 2)
        _ = answers.asked([self.a, self.b])
        _ = answers.answered(self.a, [])
        let outcome = answers.deadlinePassed()
        #expect(outcome?.missing == [self.b])
        #expect(outcome?.answers.map(\.socket) == [self.a])
        #expect(answers.deadlinePassed() == nil)
        #expect(answers.answered(self.b, []) == nil)
        #expect(answers.asked([]) == nil)
    }

    @Test func answersThatNobodyAskedForChangeNothing() {
        var answers = BroadcastAnswers(parts: 1)
        _ = answers.asked([self.a, self.b])
        #expect(answers.answered(self.c, []) == nil)
        #expect(answers.answered(self.a, [1]) == nil)
        #expect(answers.answered(self.a, [2]) == nil)
        #expect(answers.lost(self.a) == nil)
        #expect(answers.answered(self.b, [])?.answers.map(\.arguments) == [[1], []])
    }

    @Test func clientAnswersUnderTheIdOfAll() {
        let start = ContinuousClock.now
        var connection = Connection(
            namespaces: ["/"], limits: PacketLimits(), connectTimeout: .seconds(45), now: start)
        let id = Connection.firstBroadcastID
        #expect(connection.expectAnswer(id, namespace: "/", deadline: start) == false)
        _ = connection.received(.text(Array("0".utf8)[...]))
        _ = connection.accept(namespace: "/", as: self.a)
        #expect(connection.expectAnswer(id, namespace: "/", deadline: start + .seconds(3)) == true)
        #expect(connection.expectAnswer(id + 1, namespace: "/", deadline: start + .seconds(5)) == true)
        #expect(
            connection.received(.text(Array("3\(id)[7]".utf8)[...]))
                == .acknowledged(self.a, id: id, arguments: [7]))
        #expect(connection.received(.text(Array("3\(id)[7]".utf8)[...])) == nil)
        #expect(connection.tick(now: start + .seconds(5)) == [.acknowledgementTimedOut(self.a, id: id + 1)])
        #expect(connection.ask("q", .none, namespace: "/", deadline: start)?.id == 0)
    }
}
