import Processing
import Testing

@Suite("Budget of what is unpacked")
struct ExpansionBudgetTests {
    @Test(arguments: [
        (0, ExpansionBudget.floor), (1, ExpansionBudget.floor), (1 << 20, 200 << 20), (-1, ExpansionBudget.floor),
        (100 << 20, ExpansionBudget.ceiling), (Int.max, ExpansionBudget.ceiling),
    ])
    func followsThePackedSizeWithinBounds(packedBytes: Int, expected: Int) {
        #expect(ExpansionBudget(packedBytes: packedBytes).remaining == expected)
    }

    @Test func isSpentToTheLastByteAndNoFurther() throws {
        var budget = ExpansionBudget(packedBytes: 0)
        try budget.spend(ExpansionBudget.floor - 1)
        try budget.spend(1)
        #expect(budget.remaining == 0)
        #expect(throws: PackageError.expandsTooMuch) { try budget.spend(1) }
        #expect(throws: PackageError.expandsTooMuch) { try budget.spend(0) }
    }
}
