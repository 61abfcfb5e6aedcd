/// Makes blocks of the lines of a text, one after another.
protocol LineScanner {
    /// Takes a line in, without its end.
    mutating func append(_ line: String, to collector: inout BlockCollector) throws(ExtractionError)

    /// Hands over what is not complete yet; call once, at the end.
    mutating func finish(_ collector: inout BlockCollector) throws(ExtractionError)
}
