/// Cuts a stream of valid UTF-8 into lines, whatever ends them: LF, CR LF, CR or a form feed.
struct LineSplitter {
    private var pending: [UInt8] = []
    private var endsWithReturn = false

    /// Takes bytes in and hands out each line they complete, without its end.
    mutating func append(
        _ bytes: [UInt8],
        emit: (String) throws(ExtractionError) -> Void
    ) throws(ExtractionError) {
        var start = 0
        for (index, byte) in bytes.enumerated() where byte <= 0x0D && byte >= 0x0A && byte != 0x0B {
            let completesReturn = byte == 0x0A && index == start && self.endsWithReturn && self.pending.isEmpty
            self.endsWithReturn = byte == 0x0D
            if !completesReturn {
                self.pending.append(contentsOf: bytes[start..<index])
                try self.flush(emit)
            }
            start = index + 1
        }
        if start < bytes.count {
            self.pending.append(contentsOf: bytes[start...])
            self.endsWithReturn = false
        }
    }

    /// Hands out the last line if it has no end.
    mutating func finish(emit: (String) throws(ExtractionError) -> Void) throws(ExtractionError) {
        if !self.pending.isEmpty { try self.flush(emit) }
    }

    private mutating func flush(_ emit: (String) throws(ExtractionError) -> Void) throws(ExtractionError) {
        let line = String(decoding: self.pending, as: UTF8.self)
        self.pending.removeAll(keepingCapacity: true)
        try emit(line)
    }
}
