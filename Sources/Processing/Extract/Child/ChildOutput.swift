import Ingest

/// Makes text of what a child process writes to its standard output, piece by piece.
protocol ChildOutput: Sendable {
    /// Takes bytes in; throwing kills the child.
    mutating func append(_ bytes: [UInt8]) throws(ExtractionError)

    /// The child has exited as it should.
    mutating func finish() throws(ExtractionError) -> ExtractedText
}
