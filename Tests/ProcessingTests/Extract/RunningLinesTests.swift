import Processing
import Testing

@Suite("Heads and feet of pages")
struct RunningLinesTests {
    /// What is left of each page, lines separated by `|`.
    private func bodies(_ pages: [String]) -> [String] {
        let running = RunningLines(pages: pages)
        return pages.enumerated().map { running.body(of: $0.element, page: $0.offset + 1).joined(separator: "|") }
    }

    /// A line that no other page has, without a number.
    private func words(_ page: Int) -> String { "Words of \(String(repeating: "x", count: page))" }

    @Test func linesOfAllPagesAndPageNumbersGo() {
        let pages = (1...5).map { "The Book\n\n\(self.words($0))\n\nPage \($0) of 5" }
        #expect(self.bodies(pages) == (1...5).map { "|\(self.words($0))|" })
    }

    @Test func pagesMayBeCountedFromAnyNumber() {
        let pages = (1...5).map { "\(self.words($0))\n- \($0 + 12) -" }
        #expect(self.bodies(pages) == (1...5).map(self.words))
    }

    @Test func leftAndRightPagesMayDiffer() {
        let pages = (1...8).map { ($0 % 2 == 0 ? "\($0) Chapter" : "Section \($0)") + "\n\(self.words($0))" }
        #expect(self.bodies(pages) == (1...8).map(self.words))
    }

    @Test func aFewPagesSayNothing() {
        let pages = (1...3).map { "Head\n\(self.words($0))" }
        #expect(self.bodies(pages) == (1...3).map { "Head|\(self.words($0))" })
    }

    @Test func numbersThatDoNotCountPagesStay() {
        let pages = [3, 8, 2, 9, 4].map { "Total \($0)\n\(self.words($0))" }
        #expect(self.bodies(pages) == pages.map { $0.replacing("\n", with: "|") })
    }

    @Test func linesOnFewPagesStay() {
        let pages = (1...10).map { ($0 <= 3 ? "Chapter one" : "On \(self.words($0))") + "\n\(self.words(50 + $0))" }
        #expect(self.bodies(pages) == pages.map { $0.replacing("\n", with: "|") })
    }

    @Test func aLineOfTheBodyThatRecursStays() {
        let page = (1...4).map { "line \($0)" }.joined(separator: "\n")
        let pages = (1...5).map { number in
            let unique = String(repeating: "q", count: number)
            return "\(unique)a\n\(unique)b\n\(unique)c\nsame\n\(unique)d\n\(unique)e\n\(unique)f"
        }
        #expect(self.bodies(pages).allSatisfy { $0.contains("|same|") })
        // Where all lines are the same, it is at the most the outer three that go, and never all.
        let bodies = self.bodies([String](repeating: page, count: 5))
        #expect(bodies.allSatisfy { !$0.isEmpty })
    }

    @Test func threeLinesGoAtEitherEndAndNoMore() {
        let ends = (1...4).map { "line \(String(repeating: "i", count: $0))" }
        let pages = (1...5).map { (ends + [self.words($0)] + ends.reversed()).joined(separator: "\n") }
        let fourth = "line iiii"
        #expect(self.bodies(pages) == (1...5).map { "\(fourth)|\(self.words($0))|\(fourth)" })
    }

    @Test func aPageOfNothingElseKeepsItsLines() {
        let pages = ["Head\nBody a", "Head", "Head\nBody b", "Head\nBody c", "Head\n\n"]
        #expect(self.bodies(pages) == ["Body a", "Head", "Body b", "Body c", "Head||"])
    }

    @Test func longLinesAreText() {
        let long = String(repeating: "long ", count: 50)
        let pages = (1...5).map { "\(long)\nBody \($0 * $0)" }
        #expect(self.bodies(pages).allSatisfy { $0.hasPrefix(long) })
    }

    @Test func hugeNumbersAreNoTrap() {
        let pages = (1...5).map { _ in "\(Int.min) \(Int.max) 99999999999999999999\nBody" }
        #expect(self.bodies(pages).count == 5)
    }
}
