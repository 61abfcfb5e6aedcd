extension Int {
    /// A number written with nothing but ASCII digits, and none in front that changes nothing.
    ///
    /// YAML 1.1 reads `010` as eight and `1_0` as ten; here neither is a number.
    init?(decimal text: some StringProtocol) {
        let digits = text.utf8
        guard (1...18).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0") else {
            return nil
        }
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        self.init(text)
    }

    /// The number that a scalar without quotes stands for.
    ///
    /// - Parameters:
    ///   - scalar: What was written.
    ///   - range: The numbers that are allowed.
    ///   - word: What may be written instead, for messages; the caller has looked for it.
    /// - Throws: Anything but a number of the range.
    init(_ scalar: Node.Scalar, in range: ClosedRange<Int>, or word: String? = nil) throws(InvalidValue) {
        let number = Int(decimal: scalar.text)
        let alternative = word.map { "'\($0)' or " } ?? ""
        let expectation = "must be \(alternative)a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard scalar.isPlain || number == nil else {
            throw InvalidValue("\(expectation), not a text: remove the quotes around \(scalar.text.quoted)")
        }
        guard let number, range.contains(number) else {
            throw InvalidValue("\(expectation), not \(scalar.text.quoted)")
        }
        self = number
    }
}
