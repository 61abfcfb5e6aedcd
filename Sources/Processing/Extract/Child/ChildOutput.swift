/// Makes something, mostly text, of what a child process writes to its standard output, piece by piece.
protocol ChildOutput: Sendable {
    associatedtype Result: Sendable

    /// Takes bytes in; throwing kills the child.
    mutating func append(_ bytes: [UInt8]) throws(ExtractionError)

    /// The child has exited as it should.
    mutating func finish() throws(ExtractionError) -> Result
}

/// Takes all of a child's output as it is.
struct ChildBytes: ChildOutput {
    private var bytes: [UInt8] = []

    mutating func append(_ bytes: [UInt8]) { self.bytes += bytes }

    func finish() -> [UInt8] { self.bytes }
}
