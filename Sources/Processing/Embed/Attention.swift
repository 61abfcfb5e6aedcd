import CKernels

/// Multi-head self-attention within one text.
enum Attention {
    /// Lets every token of a text gather from all of its tokens.
    ///
    /// - Parameters:
    ///   - tokens: The text's rows in the workspace; at most `MiniLM.tokenLimit`.
    ///   - workspace: Reads `heads`, writes `context`, uses `scores` and `packed`.
    ///   - arithmetic: How to compute.
    static func apply(to tokens: Range<Int>, in workspace: borrowing Workspace, _ arithmetic: Arithmetic) {
        let count = tokens.count
        precondition(count <= MiniLM.tokenLimit && tokens.upperBound <= workspace.capacity)
        let (level, size, stride) = (arithmetic.level, Int32(count), Int32(MiniLM.hidden * 3))
        for head in 0..<MiniLM.heads {
            let query = workspace.heads + tokens.lowerBound * Int(stride) + head * MiniLM.headSize
            let context = workspace.context + tokens.lowerBound * MiniLM.hidden + head * MiniLM.headSize
            let key = query + MiniLM.hidden
            ck_pack_floats(level, key, stride, 1, size, Int32(MiniLM.headSize), workspace.packed)
            ck_multiply_floats(
                level, query, stride, workspace.packed, size, size, Int32(MiniLM.headSize),
                1 / Float(MiniLM.headSize).squareRoot(), workspace.scores, Int32(MiniLM.tokenLimit)
            )
            for row in 0..<count {
                // Rows have room for whole panels, as `tokenLimit` is a multiple of them.
                ck_softmax(arithmetic.level, workspace.scores + row * MiniLM.tokenLimit, Int32(count))
            }
            let value = key + MiniLM.hidden
            ck_pack_floats(level, value, stride, 0, Int32(MiniLM.headSize), size, workspace.packed)
            ck_multiply_floats(
                level, workspace.scores, Int32(MiniLM.tokenLimit), workspace.packed,
                size, Int32(MiniLM.headSize), size, 1, context, Int32(MiniLM.hidden)
            )
        }
    }
}
