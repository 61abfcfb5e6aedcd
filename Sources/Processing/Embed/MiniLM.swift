/// The weights of all-MiniLM-L6-v2 and its forward pass: token ids in, one unit vector a text out.
///
/// A BERT of six layers. Immutable: loaded once, shared by all threads that compute.
struct MiniLM: Sendable {
    static let hidden = 384
    static let inner = 1536
    static let layers = 6
    static let heads = 12
    static let headSize = hidden / heads
    /// The most tokens of a text, as this model was trained.
    static let tokenLimit = 256

    let arithmetic: Arithmetic
    let embeddings: EmbeddingTable
    /// The position's vector plus that of the only token type, which every token gets: `tokenLimit` × `hidden`.
    let positions: [Float]
    let embeddingNorm: LayerNorm
    let blocks: [Block]

    /// One layer: attention, then a feed-forward block, each added to its input and normalised.
    struct Block: Sendable {
        var headProjection: Projection
        var attentionOutput: Projection
        var attentionNorm: LayerNorm
        var up: Projection
        var down: Projection
        var outputNorm: LayerNorm
    }

    /// Computes the vectors of some texts.
    ///
    /// - Parameters:
    ///   - texts: Each 1...`tokenLimit` ids below `embeddings.rows`, special ones included; together at most the
    ///     workspace's capacity.
    ///   - workspace: Memory to work in.
    /// - Returns: One vector of length 1 per text: `[texts.count][hidden]`.
    func embed(_ texts: some Collection<[Int32]>, in workspace: borrowing Workspace) -> [[Float]] {
        let ranges = Self.ranges(of: texts)
        let count = ranges.last?.upperBound ?? 0
        precondition(count <= workspace.capacity)
        for (ids, range) in zip(texts, ranges) {
            for (position, id) in ids.enumerated() {
                let row = workspace.hidden + (range.lowerBound + position) * Self.hidden
                self.place(position, into: row)
                self.embeddings.add(row: Int(id), to: row)
            }
        }
        self.embeddingNorm.apply(rows: count, workspace.hidden, self.arithmetic)
        for block in self.blocks { block.apply(to: ranges, in: workspace, self.arithmetic) }
        return ranges.map { Self.pool(workspace.hidden + $0.lowerBound * Self.hidden, rows: $0.count) }
    }

    private func place(_ position: Int, into row: UnsafeMutablePointer<Float>) {
        let start = position * Self.hidden
        for column in 0..<Self.hidden { row[column] = self.positions[start + column] }
    }

    /// Where each text's rows are, one text behind the other.
    private static func ranges(of texts: some Collection<[Int32]>) -> [Range<Int>] {
        var start = 0
        return texts.map { ids in
            precondition((1...Self.tokenLimit).contains(ids.count))
            defer { start += ids.count }
            return start..<start + ids.count
        }
    }

    /// The mean of a text's rows, brought to length 1.
    private static func pool(_ values: UnsafePointer<Float>, rows: Int) -> [Float] {
        var mean = [Float](repeating: 0, count: Self.hidden)
        for row in 0..<rows {
            for column in 0..<Self.hidden { mean[column] += values[row * Self.hidden + column] }
        }
        let length = mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return mean.map { $0 / max(length, .leastNormalMagnitude) }
    }
}

extension MiniLM.Block {
    /// Runs the layer over the hidden state of texts that stand one behind the other.
    func apply(to texts: [Range<Int>], in workspace: borrowing Workspace, _ arithmetic: Arithmetic) {
        let rows = texts.last?.upperBound ?? 0
        let buffers = workspace.projection
        self.headProjection.apply(rows: rows, from: workspace.hidden, to: workspace.heads, .assign, using: buffers)
        for text in texts { Attention.apply(to: text, in: workspace, arithmetic) }
        self.attentionOutput.apply(rows: rows, from: workspace.context, to: workspace.hidden, .add, using: buffers)
        self.attentionNorm.apply(rows: rows, workspace.hidden, arithmetic)

        self.up.apply(rows: rows, from: workspace.hidden, to: workspace.inner, .gelu, using: buffers)
        self.down.apply(rows: rows, from: workspace.inner, to: workspace.hidden, .add, using: buffers)
        self.outputNorm.apply(rows: rows, workspace.hidden, arithmetic)
    }
}
