/// The text of a file in any encoding as UTF-8, piece by piece, in the extraction child.
struct TextStream: ~Copyable {
    private let file: InputFile
    private var head: ArraySlice<UInt8>
    private var transcoder: TextTranscoder
    private var isAtEnd = false

    init(_ path: String) throws {
        let file = try InputFile(path)
        let head = try file.head(CharsetDetector.headLength)
        let mark = TextEncoding.byteOrderMark(head)
        self.head = head.dropFirst(mark?.length ?? 0)
        self.transcoder = TextTranscoder(mark?.encoding ?? CharsetDetector.encoding(of: self.head))
        self.file = file
    }

    /// Replaces the buffer by the next piece of text.
    ///
    /// - Returns: False at the end, when there is none.
    /// - Throws: `ChildExitCode.binary` for a text with zeros in it.
    mutating func next(_ buffer: inout [UInt8]) throws -> Bool {
        buffer.removeAll(keepingCapacity: true)
        while buffer.isEmpty {
            guard !self.isAtEnd else { return false }
            let piece = self.head.isEmpty ? try self.file.nextChunk()[...] : self.head.prefix(1 << 16)
            self.head = self.head.dropFirst(1 << 16)
            if piece.isEmpty {
                self.isAtEnd = true
                self.transcoder.finish(to: &buffer)
            } else {
                self.transcoder.append(piece, to: &buffer)
            }
        }
        guard !buffer.contains(0) else { throw ChildExitCode.binary }
        return true
    }
}
