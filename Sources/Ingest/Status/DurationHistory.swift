/// How long documents took, to say beforehand how long the next one will.
package struct DurationHistory: Sendable {
    /// Samples kept of each media type; enough for a spread of sizes, small enough to forget an old machine load.
    package static let samplesPerType = 64
    /// Neighbours in size that an estimate is made from.
    private static let neighbours = 5

    private struct Sample: Sendable {
        var size: Double
        var duration: Double
    }

    private var samples: [String: [Sample]] = [:]

    package init() {}

    /// Remembers that a document of `size` bytes took `duration` seconds.
    package mutating func record(mediaType: String, size: Int, duration: Double) {
        var kept = self.samples[mediaType, default: []]
        if kept.count == Self.samplesPerType { kept.removeFirst() }
        kept.append(Sample(size: Double(max(size, 1)), duration: duration))
        self.samples[mediaType] = kept
    }

    /// Seconds that a document will take: the median of the nearest in size, each scaled to this size.
    ///
    /// - Returns: Nil while nothing is known of this media type.
    package func estimate(mediaType: String, size: Int) -> Double? {
        let size = Double(max(size, 1))
        let nearest = self.samples[mediaType, default: []]
            .sorted { Self.ratio($0.size, size) < Self.ratio($1.size, size) }
            .prefix(Self.neighbours)
            .map { $0.duration * size / $0.size }
            .sorted()
        return nearest.isEmpty ? nil : nearest[nearest.count / 2]
    }

    /// How many times the larger is the smaller, 1 or more.
    private static func ratio(_ a: Double, _ b: Double) -> Double { max(a / b, b / a) }
}
