import NIOCore
import Testing
import Web

/// How long connections may take; what a loaded machine would blur over the wire.
@Suite("Patience")
struct PatienceTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private static func at(_ seconds: Int64) -> NIODeadline { Self.start + .seconds(seconds) }

    /// 30 s for a request, 75 s for what nothing comes of.
    private static func patience() -> Patience {
        Patience(requestTimeout: .seconds(30), idleTimeout: .seconds(75), now: Self.start)
    }

    /// One whose answer of 10 MB is being written since the second 1.
    private static func answering() -> Patience {
        var patience = Self.patience()
        patience.requestBegan(now: Self.start)
        patience.requestIsWhole(now: Self.at(1))
        patience.wrote(bytes: 10_000_000)
        return patience
    }

    @Test func requestHasItsTimeHoweverItDripsIn() {
        var patience = Self.patience()
        #expect(patience.isOver(unsent: 0, now: Self.at(29)) == false)
        #expect(patience.isOver(unsent: 0, now: Self.at(30)) == true)
        patience.requestBegan(now: Self.at(40))
        #expect(patience.isOver(unsent: 0, now: Self.at(69)) == false)
        #expect(patience.isOver(unsent: 0, now: Self.at(70)) == true)
    }

    @Test func serverMayTakeItsTimeToAnswer() {
        var patience = Self.patience()
        patience.requestIsWhole(now: Self.at(1))
        for check in 1...1_000 { #expect(patience.isOver(unsent: 0, now: Self.at(Int64(check) * 30)) == false) }
    }

    @Test func anotherRequestHasToComeWithinTheIdleTime() {
        var patience = Self.answering()
        patience.answered(now: Self.at(10))
        #expect(patience.isOver(unsent: 0, now: Self.at(84)) == false)
        #expect(patience.isOver(unsent: 0, now: Self.at(85)) == true)
    }

    @Test func answerMayBeTakenSlowly() {
        var patience = Self.answering()
        var unsent = 9_000_000
        // A little more than 16 kB in each span of 75 s.
        for check in 1...500 {
            if check.isMultiple(of: 2) { unsent -= 17_000 }
            #expect(patience.isOver(unsent: unsent, now: Self.at(Int64(check) * 30)) == false, "check \(check)")
        }
        // The same when the last of it has been written.
        patience.answered(now: Self.at(15_001))
        for check in 501...520 {
            if check.isMultiple(of: 2) { unsent -= 17_000 }
            #expect(patience.isOver(unsent: unsent, now: Self.at(Int64(check) * 30)) == false, "check \(check)")
        }
    }

    @Test(arguments: [0, 100, 2_000])
    func answerThatIsHardlyTakenEndsTheConnection(perCheck: Int) {
        var patience = Self.answering()
        #expect(patience.isOver(unsent: 9_000_000, now: Self.at(30)) == false)
        #expect(patience.isOver(unsent: 9_000_000 - perCheck, now: Self.at(60)) == false)
        #expect(patience.isOver(unsent: 9_000_000 - 2 * perCheck, now: Self.at(90)) == false)
        #expect(patience.isOver(unsent: 9_000_000 - 3 * perCheck, now: Self.at(105)) == true)
    }

    @Test func answerNothingOfWhichIsTakenEndsTheConnection() {
        var patience = Self.answering()
        #expect(patience.isOver(unsent: 10_000_000, now: Self.at(75)) == false)
        #expect(patience.isOver(unsent: 10_000_000, now: Self.at(76)) == true)
    }

    @Test func requestIsNotExcusedByTheAnswerBefore() {
        var patience = Self.answering()
        patience.answered(now: Self.at(2))
        patience.requestBegan(now: Self.at(3))
        #expect(patience.isOver(unsent: 5_000_000, now: Self.at(20)) == false)
        #expect(patience.isOver(unsent: 1_000_000, now: Self.at(33)) == true)
    }

    @Test func nextCheckIsSoonEnoughToSeeProgress() {
        let patience = Self.patience()
        #expect(patience.nextCheck(now: Self.at(1)) == Self.at(30))
        #expect(patience.nextCheck(now: Self.at(40)) == Self.at(40) + .milliseconds(1))
    }
}
