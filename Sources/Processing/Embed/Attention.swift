/// Multi-head self-attention within one text.
enum Attention {
    /// Lets every token of a text gather from all of its tokens.
    ///
    /// - Parameters:
    ///   - tokens: The text's rows in the workspace; at most `MiniLM.tokenLimit`.
    ///   - workspace: Reads `heads`, writes `context`, uses `scores`.
    static func apply(to tokens: Range<Int>, in workspace: borrowing Workspace) {
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
            for row in 0..<count { Self.softmax(workspace.scores + row * MiniLM.tokenLimit, count: count) }
            MatrixProduct.multiply(
                .init(values: workspace.scores, stride: MiniLM.tokenLimit),
                .init(values: query + MiniLM.hidden * 2, stride: stride),
                into: context,
                stride: MiniLM.hidden,
                size: (count, MiniLM.headSize, count)
            )
        }
    }

    /// Turns scores into weights that add up to 1.
    ///
    /// Works on whole lanes: the row must have room for `count` rounded up to a multiple of 8.
    private static func softmax(_ row: UnsafeMutablePointer<Float>, count: Int) {
        let end = (count + 7) & ~7
        for index in count..<end { row[index] = -.infinity }
        var largest = row.lanes(0)
        for index in Swift.stride(from: 8, to: end, by: 8) { largest = pointwiseMax(largest, row.lanes(index)) }
        let maximum = largest.max()

        var total = Lanes()
        for index in Swift.stride(from: 0, to: end, by: 8) {
            let power = VectorMath.exponential(row.lanes(index) - maximum)
            row.setLanes(index, power)
            total += power
        }
        let factor = 1 / total.sum()
        for index in Swift.stride(from: 0, to: end, by: 8) { row.setLanes(index, row.lanes(index) * factor) }
    }
}
