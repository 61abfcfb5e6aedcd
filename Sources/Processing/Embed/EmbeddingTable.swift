/// The vectors of the vocabulary's pieces, kept in 16 bits: a third of the model's memory at a thousandth of the error
/// that 8 bits would bring.
struct EmbeddingTable: Sendable {
    private let values: [Int16]
    private let steps: [Float]

    /// Collects rows.
    struct Builder: ~Copyable {
        private let rows: Int
        private var values: [Int16] = []
        private var steps: [Float] = []

        init(rows: Int) { self.rows = rows }

        /// Adds a row of `MiniLM.hidden` floats; with the first, which proves that the file has the rows, comes the
        /// memory for all.
        mutating func append(_ row: ArraySlice<Float>) {
            precondition(row.count == MiniLM.hidden)
            if self.steps.isEmpty {
                self.values.reserveCapacity(self.rows * MiniLM.hidden)
                self.steps.reserveCapacity(self.rows)
            }
            let largest = row.reduce(0) { max($0, abs($1)) }
            let step = max(largest / 32_767, .leastNormalMagnitude)
            for value in row { self.values.append(Int16((value / step).rounded())) }
            self.steps.append(step)
        }

        consuming func build() -> EmbeddingTable { EmbeddingTable(values: self.values, steps: self.steps) }
    }

    var rows: Int { self.steps.count }

    /// Adds a row's vector to `MiniLM.hidden` floats.
    func add(row: Int, to target: UnsafeMutablePointer<Float>) {
        precondition(self.steps.indices.contains(row))
        let step = self.steps[row]
        let start = row * MiniLM.hidden
        for column in 0..<MiniLM.hidden { target[column] += Float(self.values[start + column]) * step }
    }
}
