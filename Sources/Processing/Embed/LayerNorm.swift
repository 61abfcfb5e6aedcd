/// Layer normalisation: brings a row to mean 0 and variance 1, then scales and shifts each column.
struct LayerNorm: Sendable {
    private let scale: [Float]
    private let shift: [Float]

    /// Creates a layer.
    ///
    /// - Parameters:
    ///   - scale: One factor per column; as many as `shift`, a multiple of 8.
    ///   - shift: What is added to each column.
    init(scale: [Float], shift: [Float]) {
        precondition(scale.count == shift.count && scale.count % 8 == 0)
        self.scale = scale
        self.shift = shift
    }

    /// Normalises rows of as many floats as there are columns, in place.
    func apply(rows: Int, _ values: UnsafeMutablePointer<Float>) {
        let columns = self.scale.count
        self.scale.withUnsafeBufferPointer { scale in
            self.shift.withUnsafeBufferPointer { shift in
                guard let scale = scale.baseAddress, let shift = shift.baseAddress else { return }
                for row in 0..<rows { Self.normalise(values + row * columns, columns, scale, shift) }
            }
        }
    }

    @inline(__always)
    private static func normalise(
        _ row: UnsafeMutablePointer<Float>,
        _ columns: Int,
        _ scale: UnsafePointer<Float>,
        _ shift: UnsafePointer<Float>
    ) {
        var sum = Lanes()
        for column in stride(from: 0, to: columns, by: 8) { sum += row.lanes(column) }
        let mean = sum.sum() / Float(columns)

        var squares = Lanes()
        for column in stride(from: 0, to: columns, by: 8) {
            let centred = row.lanes(column) - mean
            squares += centred * centred
        }
        let factor = 1 / (squares.sum() / Float(columns) + 1e-12).squareRoot()
        for column in stride(from: 0, to: columns, by: 8) {
            let normal = (row.lanes(column) - mean) * factor
            row.setLanes(column, normal * scale.lanes(column) + shift.lanes(column))
        }
    }
}
