/// A page whose encoding is found out from its first bytes, parsed as they come.
final class HTMLStream {
    private let parser: HTMLParser
    private var transcoder: TextTranscoder?
    private var buffer: [UInt8] = []

    /// - Parameter emit: Takes each title and block, in reading order.
    /// - Throws: `.outOfMemory`.
    init(emit: @escaping (HTMLBlockBuilder.Output) -> Void) throws(HTMLParser.Failure) {
        self.parser = try HTMLParser(emit: emit)
    }

    /// Parses more of the page; the first piece should hold what the page says of its encoding.
    func feed(_ bytes: [UInt8]) throws(HTMLParser.Failure) {
        var rest = bytes[...]
        if self.transcoder == nil {
            let mark = TextEncoding.byteOrderMark(bytes)
            rest = rest.dropFirst(mark?.length ?? 0)
            self.transcoder = TextTranscoder(mark?.encoding ?? HTMLCharset.declared(in: rest))
        }
        self.transcoder?.append(rest, to: &self.buffer)
        try self.pass()
    }

    /// The page ends.
    func finish() throws(HTMLParser.Failure) {
        self.transcoder?.finish(to: &self.buffer)
        try self.pass()
        try self.parser.finish()
    }

    private func pass() throws(HTMLParser.Failure) {
        try self.parser.feed(self.buffer)
        self.buffer.removeAll(keepingCapacity: true)
    }
}
