extension Duration {
    /// Milliseconds; a number alone counts seconds.
    private static let units: [(unit: String, factor: Int)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1), ("", 1_000),
    ]

    /// The time span that a scalar stands for: `500ms`, `30s`, `5m`, `2h`, `1d`, or a number of seconds.
    init(_ scalar: Node.Scalar, in range: ClosedRange<Duration>) throws(InvalidValue) {
        guard let value = Quantity(scalar.text)?.scaled(by: Self.units).map({ Duration.milliseconds($0) }),
            range.contains(value)
        else {
            throw InvalidValue(
                "must be a duration from \(range.lowerBound.shortText) to \(range.upperBound.shortText), "
                    + "such as 30s, 5m or 2h, not \(scalar.text.quoted)"
            )
        }
        self = value
    }

    /// The span as a configuration writes it, in the largest unit that leaves a whole number.
    private var shortText: String {
        let (seconds, attoseconds) = self.components
        let milliseconds = Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
        let unit = Self.units.first { milliseconds % $0.factor == 0 } ?? ("ms", 1)
        return "\(milliseconds / unit.factor)\(unit.unit)"
    }
}
