/// A size in bytes.
struct ByteCount: Comparable {
    private static let units: [(unit: String, factor: Int)] = [
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("KB", 1_000),
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1), ("", 1),
    ]

    let bytes: Int

    init(bytes: Int) { self.bytes = bytes }

    static func megabytes(_ count: Int) -> ByteCount { ByteCount(bytes: count * 1_000_000) }

    /// The size that a scalar stands for: `100MB` (decimal), `10MiB` (binary), or a number of bytes.
    ///
    /// - Parameters:
    ///   - scalar: What was written.
    ///   - range: The sizes that are allowed.
    ///   - word: What may be written instead, for messages; the caller has looked for it.
    /// - Throws: Anything but a size of the range.
    init(_ scalar: Node.Scalar, in range: ClosedRange<ByteCount>, or word: String? = nil) throws(InvalidValue) {
        let alternative = word.map { "'\($0)' or " } ?? ""
        guard let bytes = Quantity(scalar.text)?.scaled(by: Self.units), range.contains(ByteCount(bytes: bytes)) else {
            throw InvalidValue(
                "must be \(alternative)a size from \(range.lowerBound.shortText) to \(range.upperBound.shortText), "
                    + "such as 500kB, 100MB or 10MiB, not \(scalar.text.quoted)"
            )
        }
        self.bytes = bytes
    }

    static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }

    /// The size as a configuration writes it, in the largest unit that leaves a whole number.
    private var shortText: String {
        let unit = Self.units.first { self.bytes % $0.factor == 0 } ?? ("B", 1)
        return "\(self.bytes / unit.factor)\(unit.unit)"
    }
}
