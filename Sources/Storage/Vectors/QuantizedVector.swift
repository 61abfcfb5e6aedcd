/// A vector in one byte a dimension: what the scan over all vectors compares.
///
/// The largest component becomes 127. On unit vectors of 384 dimensions a cosine computed from it is off by some
/// 0.0005; the best are compared again in full, so it only has to find the candidates.
package struct QuantizedVector: Equatable {
    /// What a code of 1 stands for; 0 for the zero vector.
    package let scale: Float
    package let codes: [Int8]

    /// - Parameter vector: Finite components only.
    package init(_ vector: [Float]) {
        let largest = vector.reduce(0) { max($0, $1.magnitude) }
        guard largest > 0, largest.isFinite else {
            self.scale = 0
            self.codes = [Int8](repeating: 0, count: vector.count)
            return
        }
        self.scale = largest / 127
        self.codes = vector.map { Int8(($0 / largest * 127).rounded()) }
    }
}

/// The vector that is searched for, in 16-bit steps: the question is not rounded as coarsely as the answers.
package struct QuantizedQuery {
    package let codes: [Int16]

    /// - Parameter vector: Finite components only.
    package init(_ vector: [Float]) {
        // No sum of products with codes of up to 127 can leave 32 bits.
        let limit = min(Float(Int16.max), (Float(Int32.max) / (128 * Float(max(vector.count, 1)))).rounded(.down))
        let largest = vector.reduce(0) { max($0, $1.magnitude) }
        guard largest > 0, largest.isFinite else {
            self.codes = [Int16](repeating: 0, count: vector.count)
            return
        }
        self.codes = vector.map { Int16(($0 / largest * limit).rounded()) }
    }
}
