/// Parses a page and writes its text as `BlockFrame`s.
enum HTMLChild {
    static func parse(_ path: String, to output: FrameWriter) throws {
        let file = try InputFile(path)
        let parser = try HTMLParser { output.append($0) }
        var chunk = try file.nextChunk()
        let mark = TextEncoding.byteOrderMark(chunk)
        chunk.removeFirst(mark?.length ?? 0)
        var transcoder = TextTranscoder(mark?.encoding ?? HTMLCharset.declared(in: chunk))
        var buffer: [UInt8] = []
        while !chunk.isEmpty {
            transcoder.append(chunk, to: &buffer)
            try parser.feed(buffer)
            buffer.removeAll(keepingCapacity: true)
            chunk = try file.nextChunk()
        }
        transcoder.finish(to: &buffer)
        try parser.feed(buffer)
        try parser.finish()
    }
}
