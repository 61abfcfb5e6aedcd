/// The text of a file in any encoding as UTF-8, piece by piece, in the extraction child.
final class TextStream {
    private let file: InputFile
    private var head: ArraySlice<UInt8>
    private var transcoder: TextTranscoder
    private var isAtEnd = false

    init(_ path: String) throws {
        self.file = try InputFile(path)
        let start = try self.file.head(CharsetDetector.headLength)
        let mark = TextEncoding.byteOrderMark(start)
        let text = start.dropFirst(mark?.length ?? 0)
        self.head = text
        self.transcoder = TextTranscoder(mark?.encoding ?? CharsetDetector.encoding(of: text))
    }

    /// Replaces the buffer by the next piece of text.
    ///
    /// - Returns: False at the end, when there is none.
    /// - Throws: `ChildExitCode.binary` for a text with zeros in it.
    func next(_ buffer: inout [UInt8]) throws -> Bool {
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
