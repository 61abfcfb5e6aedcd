import CKernels

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
    private let arithmetic: Arithmetic

    private enum Weights: Sendable {
        /// `W`, packed for products.
        case floats([Float])
        /// The rows of `W` as bytes, packed for products, the scale of each row, and the sum of each row's bytes.
        case bytes([Int8], scales: [Float], sums: [Float])
    }

    /// Quantises a matrix as the arithmetic asks.
    ///
    /// - Parameters:
    ///   - weights: `outputs` rows of `inputs` floats; both are multiples of 32.
    ///   - bias: One float per output.
    ///   - arithmetic: How to keep the weights.
    init(weights: [Float], bias: [Float], arithmetic: Arithmetic) {
        precondition(!bias.isEmpty && bias.count % 32 == 0 && weights.count % (bias.count * 32) == 0)
        self.inputs = weights.count / bias.count
        self.outputs = bias.count
        self.bias = bias
        self.arithmetic = arithmetic
        self.weights =
            arithmetic.products == .float32
            ? Self.pack(weights, inputs: self.inputs, arithmetic)
            : Self.quantise(weights, inputs: self.inputs, arithmetic)
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
            self.finish(rows: rows, output, ending, buffers)
        case .bytes(let weights, let scales, let sums):
            self.quantise(rows: rows, input, buffers)
            ck_project_bytes(
                self.arithmetic.level, ending.code, buffers.bytes, buffers.steps, buffers.zeros, Int32(rows),
                weights, scales, sums, self.bias, Int32(self.outputs), Int32(self.inputs), output
            )
        }
    }

    private func multiply(rows: Int, _ input: UnsafePointer<Float>, _ weights: [Float], _ buffers: ProjectionBuffers) {
        ck_multiply_floats(
            self.arithmetic.level, input, Int32(self.inputs), weights,
            Int32(rows), Int32(self.outputs), Int32(self.inputs), 1,
            buffers.products, Int32(self.outputs)
        )
    }
}

extension Projection {
    /// Maps each row's range to bytes.
    private func quantise(rows: Int, _ input: UnsafePointer<Float>, _ buffers: ProjectionBuffers) {
        for row in 0..<rows {
            ck_quantise(
                self.arithmetic.level, input + row * self.inputs, Int32(self.inputs), self.arithmetic.activationLimit,
                buffers.bytes + row * self.inputs, buffers.steps + row, buffers.zeros + row
            )
        }
    }

    /// Adds the bias to products of floats and does with them what the ending says.
    private func finish(
        rows: Int,
        _ output: UnsafeMutablePointer<Float>,
        _ ending: Ending,
        _ buffers: ProjectionBuffers
    ) {
        for start in stride(from: 0, to: rows * self.outputs, by: self.outputs) {
            ck_finish_floats(
                self.arithmetic.level, ending.code, buffers.products + start, Int32(self.outputs), self.bias,
                output + start
            )
        }
    }

    /// Gives every row of weights the scale that takes its largest magnitude to the limit.
    private static func quantise(_ weights: [Float], inputs: Int, _ arithmetic: Arithmetic) -> Weights {
        let limit = Arithmetic.weightLimit
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
                let byte = Int8(min(max((weight / scale).rounded(), -limit), limit))
                bytes.append(byte)
                sum += Int(byte)
            }
            scales.append(scale)
            sums.append(Float(sum))
        }
        let packed = [Int8](unsafeUninitializedCapacity: bytes.count) { buffer, count in
            ck_pack_bytes(arithmetic.level, bytes, Int32(scales.count), Int32(inputs), buffer.baseAddress)
            count = bytes.count
        }
        return .bytes(packed, scales: scales, sums: sums)
    }

    private static func pack(_ weights: [Float], inputs: Int, _ arithmetic: Arithmetic) -> Weights {
        let packed = [Float](unsafeUninitializedCapacity: weights.count) { buffer, count in
            ck_pack_floats(
                arithmetic.level, weights, Int32(inputs), 1, Int32(weights.count / inputs), Int32(inputs),
                buffer.baseAddress
            )
            count = weights.count
        }
        return .floats(packed)
    }
}

extension Projection.Ending {
    fileprivate var code: ck_ending {
        switch self {
        case .assign: CK_ASSIGN
        case .gelu: CK_GELU
        case .add: CK_ADD
        }
    }
}
