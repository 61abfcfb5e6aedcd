import CKernels

/// Layer normalisation: brings a row to mean 0 and variance 1, then scales and shifts each column.
struct LayerNorm: Sendable {
    private let scale: [Float]
    private let shift: [Float]

    /// Creates a layer.
    ///
    /// - Parameters:
    ///   - scale: One factor per column; as many as `shift`, a multiple of 16.
    ///   - shift: What is added to each column.
    init(scale: [Float], shift: [Float]) {
        precondition(scale.count == shift.count && scale.count % 16 == 0)
        self.scale = scale
        self.shift = shift
    }

    /// Normalises rows of as many floats as there are columns, in place.
    func apply(rows: Int, _ values: UnsafeMutablePointer<Float>, _ arithmetic: Arithmetic) {
        let columns = self.scale.count
        for row in 0..<rows {
            ck_layer_norm(arithmetic.level, values + row * columns, Int32(columns), self.scale, self.shift)
        }
    }
}
