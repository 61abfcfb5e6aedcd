/// Parses a page and writes its text as `BlockFrame`s.
enum HTMLChild {
    static func parse(_ path: String, to output: FrameWriter) throws {
        let file = try InputFile(path)
        let page = try HTMLStream { output.append(BlockFrame($0)) }
        while case let chunk = try file.nextChunk(), !chunk.isEmpty { try page.feed(chunk) }
        try page.finish()
    }
}
