import Ingest

/// Reads `BlockFrame`s as they come from the child, which may be broken or hostile: nothing in them is trusted.
struct BlockFrameReader: ChildOutput {
    private static let headerBytes = 5

    private var pending: [UInt8] = []
    private var isComplete = false
    private var collector: BlockCollector

    init(limits: ExtractionLimits) { self.collector = BlockCollector(limits: limits) }

    mutating func append(_ bytes: [UInt8]) throws(ExtractionError) {
        self.pending += bytes
        var start = 0
        while !self.isComplete, self.pending.count - start >= Self.headerBytes {
            let length = self.pending[start + 1..<start + Self.headerBytes].reduce(0) { $0 << 8 | Int($1) }
            guard length <= BlockFrame.longestText else { throw .crashed(.html) }
            let end = start + Self.headerBytes + length
            guard self.pending.count >= end else { break }
            let text = String(decoding: self.pending[start + Self.headerBytes..<end], as: UTF8.self)
            try self.take(self.pending[start], text)
            start = end
        }
        self.pending.removeFirst(self.isComplete ? self.pending.count : start)
    }

    /// - Throws: `.crashed` when the end frame never came.
    mutating func finish() throws(ExtractionError) -> ExtractedText {
        guard self.isComplete else { throw .crashed(.html) }
        return try self.collector.result(.html)
    }

    private mutating func take(_ tag: UInt8, _ text: String) throws(ExtractionError) {
        switch tag {
        case UInt8(ascii: "T"): self.collector.setTitle(text)
        case UInt8(ascii: "P"): try self.collector.append(.paragraph, text)
        case UInt8(ascii: "C"): try self.collector.append(.preformatted, text)
        case UInt8(ascii: "1")...UInt8(ascii: "6"):
            try self.collector.append(.heading(level: Int(tag - UInt8(ascii: "0"))), text)
        case UInt8(ascii: "E"): self.isComplete = true
        default: throw .crashed(.html)
        }
    }
}
