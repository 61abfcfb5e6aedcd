import CKernels

/// Multi-head self-attention within one text.
enum Attention {
    /// Lets every token of a text gather from all of its tokens.
    ///
    /// - Parameters:
    ///   - tokens: The text's rows in the workspace; at most `MiniLM.tokenLimit`.
    ///   - workspace: Reads `heads`, writes `context`, uses `scores`.
    ///   - arithmetic: How to compute.
    static func apply(to tokens: Range<Int>, in workspace: borrowing Workspace, _ arithmetic: Arithmetic) {
        let count = tokens.count
        precondition(count <= MiniLM.tokenLimit && tokens.upperBound <= workspace.capacity)
        let stride = MiniLM.hidden * 3
        for head in 0..<MiniLM.heads {
            let query = workspace.heads + tokens.lowerBound * stride + head * MiniLM.headSize
            let context = workspace.context + tokens.lowerBound * MiniLM.hidden + head * MiniLM.headSize
            MatrixProduct.multiply(
                .init(values: query, stride: stride),
                .init(values: query + MiniLM.hidden, stride: stride, isTransposed: true),
                into: workspace.scores,
                stride: MiniLM.tokenLimit,
                size: (count, count, MiniLM.headSize),
                scale: 1 / Float(MiniLM.headSize).squareRoot()
            )
            for row in 0..<count {
                // Rows have room for a multiple of 8, as `tokenLimit` is one.
                ck_softmax(arithmetic.level, workspace.scores + row * MiniLM.tokenLimit, Int32(count))
            }
            MatrixProduct.multiply(
                .init(values: workspace.scores, stride: MiniLM.tokenLimit),
                .init(values: query + MiniLM.hidden * 2, stride: stride),
                into: context,
                stride: MiniLM.hidden,
                size: (count, MiniLM.headSize, count)
            )
        }
    }
}
