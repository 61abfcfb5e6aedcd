/// A whole number and a unit, as in `30s`, `100MB` or `512`.
struct Quantity {
    let number: Int
    /// Empty when there is just a number.
    let unit: Substring

    /// - Parameter text: Digits, then the unit, with at most one space between.
    init?(_ text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(decimal: digits) else { return nil }
        self.number = number
        let rest = text.dropFirst(digits.count)
        self.unit = rest.hasPrefix(" ") ? rest.dropFirst() : rest
        guard !self.unit.isEmpty || rest.isEmpty else { return nil }
    }

    /// The number in the smallest unit.
    ///
    /// - Parameter factors: What each unit is worth.
    /// - Returns: Nil for an unknown unit, and for more than an `Int` holds.
    func scaled(by factors: [(unit: String, factor: Int)]) -> Int? {
        guard let factor = factors.first(where: { $0.unit == self.unit })?.factor else { return nil }
        let (product, overflow) = self.number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }
}
