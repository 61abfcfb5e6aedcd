/// Turns the bytes of a text in any encoding into valid UTF-8, as they come.
///
/// What cannot be read becomes U+FFFD; nothing stops it. Holds back no more than one line, or `longestLine` of it.
struct TextTranscoder {
    /// Bytes of a line without end after which what is there is passed on.
    private static let longestLine = 1 << 16

    private let encoding: TextEncoding
    private let converter: SystemConverter?
    private var pending: [UInt8] = []
    /// Whether something was not in the encoding that the text should be in.
    private(set) var isInDoubt = false

    init(_ encoding: TextEncoding) {
        if case .other(let name) = encoding {
            self.converter = SystemConverter(from: name)
            self.encoding = self.converter == nil ? .utf8 : encoding
        } else {
            self.converter = nil
            self.encoding = encoding
        }
    }

    /// Appends what `bytes` and those held back before stand for.
    mutating func append(_ bytes: some Collection<UInt8>, to output: inout [UInt8]) {
        switch self.encoding {
        case .windows1252:
            for byte in bytes { Windows1252.append(byte, to: &output) }
        case .utf8:
            self.pending.append(contentsOf: bytes)
            self.passLines(to: &output)
        case .utf16(let isBigEndian):
            self.pending.append(contentsOf: bytes)
            self.passUTF16(isBigEndian: isBigEndian, to: &output)
        case .utf32(let isBigEndian):
            self.pending.append(contentsOf: bytes)
            self.passUTF32(isBigEndian: isBigEndian, to: &output)
        case .other:
            self.pending.append(contentsOf: bytes)
            self.converter?.convert(&self.pending, isLast: false, to: &output)
        }
    }

    /// Appends what is still held back; call once, at the end.
    mutating func finish(to output: inout [UInt8]) {
        switch self.encoding {
        case .utf8: self.appendLine(self.pending[...], to: &output)
        case .other: self.converter?.convert(&self.pending, isLast: true, to: &output)
        case .utf16, .utf32, .windows1252:
            if !self.pending.isEmpty { output.append(contentsOf: "\u{FFFD}".utf8) }
        }
        self.pending = []
    }

    private mutating func passLines(to output: inout [UInt8]) {
        var start = self.pending.startIndex
        while let end = self.pending[start...].firstIndex(of: UInt8(ascii: "\n")) {
            self.appendLine(self.pending[start...end], to: &output)
            start = end + 1
        }
        if self.pending.endIndex - start >= Self.longestLine {
            let end = Self.scalarBoundary(before: self.pending.endIndex, in: self.pending)
            self.appendLine(self.pending[start..<end], to: &output)
            start = end
        }
        self.pending.removeFirst(start)
    }

    /// The last place at or before `index`, three bytes away at most, where no scalar is cut.
    private static func scalarBoundary(before index: Int, in bytes: [UInt8]) -> Int {
        for candidate in stride(from: index - 1, through: max(index - 4, 1), by: -1) {
            if bytes[candidate] < 0x80 { return candidate + 1 }
            if bytes[candidate] >= 0xC0 { return candidate }
        }
        return index
    }

    private mutating func appendLine(_ line: ArraySlice<UInt8>, to output: inout [UInt8]) {
        if line.allSatisfy({ $0 < 0x80 }) || String(validating: line, as: UTF8.self) != nil {
            output.append(contentsOf: line)
        } else {
            self.isInDoubt = true
            for byte in line { Windows1252.append(byte, to: &output) }
        }
    }

    private mutating func passUTF16(isBigEndian: Bool, to output: inout [UInt8]) {
        var units: [UInt16] = []
        units.reserveCapacity(self.pending.count / 2)
        var index = 0
        while index + 1 < self.pending.count {
            let (first, second) = (UInt16(self.pending[index]), UInt16(self.pending[index + 1]))
            units.append(isBigEndian ? first << 8 | second : second << 8 | first)
            index += 2
        }
        if let last = units.last, UTF16.isLeadSurrogate(last) {
            units.removeLast()
            index -= 2
        }
        output.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
        self.pending.removeFirst(index)
    }

    private mutating func passUTF32(isBigEndian: Bool, to output: inout [UInt8]) {
        var scalars = String.UnicodeScalarView()
        var index = 0
        while index + 3 < self.pending.count {
            let bytes = self.pending[index..<index + 4]
            let value =
                isBigEndian
                ? bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                : bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            scalars.append(Unicode.Scalar(value) ?? "\u{FFFD}")
            index += 4
        }
        output.append(contentsOf: String(scalars).utf8)
        self.pending.removeFirst(index)
    }
}
