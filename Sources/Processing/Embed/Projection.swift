/// One linear layer of the model, `y = x · Wᵀ + b`, with what follows it fused into its last step.
///
/// With byte arithmetic every output channel of `W` has its own scale, and every row of `x` is quantised to its own
/// range as it comes. Immutable; shared by all threads.
struct Projection: Sendable {
    /// What becomes of `x · Wᵀ + b`.
    enum Ending {
        /// It is stored.
        case assign
        /// Its Gaussian error linear unit is stored.
        case gelu
        /// It is added to what is there.
        case add
    }

    let inputs: Int
    let outputs: Int
    private let weights: Weights
    private let bias: [Float]

    private enum Weights: Sendable {
        case floats([Float])
        /// The rows of `W` as bytes, the scale of each row, and the sum of each row's bytes.
        case bytes([Int8], scales: [Float], sums: [Float])
    }

    /// Quantises a matrix as the arithmetic asks.
    ///
    /// - Parameters:
    ///   - weights: `outputs` rows of `inputs` floats; both are multiples of 8.
    ///   - bias: One float per output.
    ///   - arithmetic: How to keep the weights.
    init(weights: [Float], bias: [Float], arithmetic: Arithmetic) {
        precondition(!bias.isEmpty && bias.count % 8 == 0 && weights.count % (bias.count * 8) == 0)
        self.inputs = weights.count / bias.count
        self.outputs = bias.count
        self.bias = bias
        self.weights =
            arithmetic == .float32
            ? .floats(weights) : Self.quantise(weights, inputs: self.inputs, limit: arithmetic.weightLimit)
    }

    /// Projects rows.
    ///
    /// - Parameters:
    ///   - rows: How many; at most `buffers.rows`.
    ///   - input: `rows` × `inputs` floats.
    ///   - output: `rows` × `outputs` floats.
    ///   - ending: What to do with the result.
    ///   - buffers: Memory to work in, wide enough for inputs and outputs.
    func apply(
        rows: Int,
        from input: UnsafePointer<Float>,
        to output: UnsafeMutablePointer<Float>,
        _ ending: Ending,
        using buffers: ProjectionBuffers
    ) {
        precondition(rows <= buffers.rows && self.inputs <= buffers.widest && self.outputs <= buffers.widest)
        switch self.weights {
        case .floats(let weights):
            self.multiply(rows: rows, input, weights, buffers)
            let products = buffers.products.assumingMemoryBound(to: Float.self)
            self.finish(rows: rows, output, ending) { index, _, _ in products.lanes(index) }
        case .bytes(let weights, let scales, let sums):
            for row in 0..<rows { self.quantise(row: row, of: input, into: buffers) }
            self.multiply(rows: rows, weights, buffers)
            scales.withUnsafeBufferPointer { scales in
                sums.withUnsafeBufferPointer { sums in
                    guard let scales = scales.baseAddress, let sums = sums.baseAddress else { return }
                    self.finish(rows: rows, output, ending) { index, row, column in
                        let raw = buffers.products.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Int32>.self)
                        let centred = Lanes(raw) - sums.lanes(column) * buffers.zeros[row]
                        return centred * (scales.lanes(column) * buffers.steps[row])
                    }
                }
            }
        }
    }

    private func multiply(rows: Int, _ input: UnsafePointer<Float>, _ weights: [Float], _ buffers: ProjectionBuffers) {
        weights.withUnsafeBufferPointer { weights in
            guard let weights = weights.baseAddress else { return }
            MatrixProduct.multiply(
                .init(values: input, stride: self.inputs),
                .init(values: weights, stride: self.inputs, isTransposed: true),
                into: buffers.products.bindMemory(to: Float.self, capacity: rows * self.outputs),
                stride: self.outputs,
                size: (rows, self.outputs, self.inputs)
            )
        }
    }

    private func multiply(rows: Int, _ weights: [Int8], _ buffers: ProjectionBuffers) {
        weights.withUnsafeBufferPointer { weights in
            guard let weights = weights.baseAddress else { return }
            MatrixProduct.multiply(
                buffers.bytes,
                transposed: weights,
                into: buffers.products.bindMemory(to: Int32.self, capacity: rows * self.outputs),
                size: (rows, self.outputs, self.inputs)
            )
        }
    }

    /// Adds the bias to each product and stores it as the ending says.
    ///
    /// `product` is asked for eight products at a time: by index in all of them, row, and column.
    @inline(__always)
    private func finish(
        rows: Int,
        _ output: UnsafeMutablePointer<Float>,
        _ ending: Ending,
        _ product: (_ index: Int, _ row: Int, _ column: Int) -> Lanes
    ) {
        self.bias.withUnsafeBufferPointer { bias in
            guard let bias = bias.baseAddress else { return }
            for row in 0..<rows {
                let start = row * self.outputs
                switch ending {
                case .assign:
                    for column in stride(from: 0, to: self.outputs, by: 8) {
                        let index = start + column
                        output.setLanes(index, product(index, row, column) + bias.lanes(column))
                    }
                case .gelu:
                    for column in stride(from: 0, to: self.outputs, by: 8) {
                        let index = start + column
                        output.setLanes(index, VectorMath.gelu(product(index, row, column) + bias.lanes(column)))
                    }
                case .add:
                    for column in stride(from: 0, to: self.outputs, by: 8) {
                        let index = start + column
                        let sum = product(index, row, column) + bias.lanes(column)
                        output.setLanes(index, output.lanes(index) + sum)
                    }
                }
            }
        }
    }
}

extension Projection {
    /// Maps one row's range, with zero in it, to the bytes 0...255.
    private func quantise(row: Int, of input: UnsafePointer<Float>, into buffers: ProjectionBuffers) {
        let start = row * self.inputs
        var low = Lanes()
        var high = Lanes()
        for index in stride(from: start, to: start + self.inputs, by: 8) {
            let values = input.lanes(index)
            low = pointwiseMin(low, values)
            high = pointwiseMax(high, values)
        }
        let minimum = low.min()
        let step = max((high.max() - minimum) / 255, .leastNormalMagnitude)
        let zero = (-minimum / step).rounded()
        buffers.steps[row] = step
        buffers.zeros[row] = zero

        let inverse = 1 / step
        let bytes = UnsafeMutableRawPointer(buffers.bytes)
        for index in stride(from: start, to: start + self.inputs, by: 8) {
            let scaled = VectorMath.rounded(input.lanes(index) * inverse + zero)
            let clamped = scaled.clamped(lowerBound: SIMD8<Int32>(), upperBound: SIMD8<Int32>(repeating: 255))
            bytes.storeBytes(
                of: SIMD8<UInt8>(truncatingIfNeeded: clamped),
                toByteOffset: index,
                as: SIMD8<UInt8>.self
            )
        }
    }

    /// Gives every row of weights the scale that takes its largest magnitude to the limit.
    private static func quantise(_ weights: [Float], inputs: Int, limit: Float) -> Weights {
        var bytes: [Int8] = []
        var scales: [Float] = []
        var sums: [Float] = []
        bytes.reserveCapacity(weights.count)
        for start in stride(from: 0, to: weights.count, by: inputs) {
            let row = weights[start..<start + inputs]
            let largest = row.reduce(0) { max($0, abs($1)) }
            let scale = max(largest / limit, .leastNormalMagnitude)
            var sum = 0
            for weight in row {
                let byte = Int8((weight / scale).rounded().clamped(to: -limit...limit))
                bytes.append(byte)
                sum += Int(byte)
            }
            scales.append(scale)
            sums.append(Float(sum))
        }
        return .bytes(bytes, scales: scales, sums: sums)
    }
}

extension Float {
    fileprivate func clamped(to range: ClosedRange<Float>) -> Float {
        min(max(self, range.lowerBound), range.upperBound)
    }
}
