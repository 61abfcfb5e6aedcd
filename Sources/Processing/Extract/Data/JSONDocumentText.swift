import Ingest

/// Makes readable text of JSON: a line `key: value` for each value, the lines of one record together.
///
/// One value or many, as in JSONL. A record is an object that is no member of another one.
struct JSONDocumentText {
    /// Levels of nesting; what is deeper is not meant for reading and is taken as text.
    private static let deepest = 512
    /// Bytes of a key with those it stands under.
    private static let longestKey = 200
    /// Bytes of a value from which on it is a paragraph of its own.
    private static let longestValue = 400
    /// Bytes of a block after which it is ended.
    private static let longestBlock = 1 << 14

    private struct Level {
        var isObject: Bool
        /// How many keys stand above it.
        var keys: Int
        /// Whether lines of it stand apart from what is around it.
        var isRecord: Bool
    }

    private enum Expected {
        case value
        /// Also the end of an array.
        case firstValue
        case key
        /// Also the end of an object.
        case firstKey
        case separator
    }

    private var reader: JSONReader
    private var levels: [Level] = []
    private var keys: [String] = []
    private var expected = Expected.value
    private var lines = ""
    private(set) var blocks: [(kind: TextBlock.Kind, text: String)] = []

    /// - Parameter bytes: Valid UTF-8.
    /// - Throws: `JSONReader.Malformed` for what is not JSON, or too deep.
    init(_ bytes: [UInt8]) throws(JSONReader.Malformed) {
        self.reader = JSONReader(bytes)
        while true {
            let token = try self.reader.next()
            if token == .end { break }
            try self.take(token)
        }
        guard self.levels.isEmpty else { throw JSONReader.Malformed() }
        self.flush()
    }

    private mutating func take(_ token: JSONReader.Token) throws(JSONReader.Malformed) {
        switch (token, self.expected) {
        case (.objectStart, .value), (.objectStart, .firstValue): try self.open(isObject: true)
        case (.arrayStart, .value), (.arrayStart, .firstValue): try self.open(isObject: false)
        case (.objectEnd, .firstKey), (.arrayEnd, .firstValue): self.close()
        case (.objectEnd, .separator) where self.levels.last?.isObject == true,
            (.arrayEnd, .separator) where self.levels.last?.isObject == false:
            self.close()
        case (.string(let key), .key), (.string(let key), .firstKey):
            self.keys.append(CleanText.line(key))
            guard try self.reader.next() == .colon else { throw JSONReader.Malformed() }
            self.expected = .value
        case (.string(let text), .value), (.string(let text), .firstValue): self.add(text)
        case (.word(let text), .value), (.word(let text), .firstValue): self.add(text == "null" ? "" : text)
        case (.comma, .separator) where !self.levels.isEmpty:
            self.expected = self.levels.last?.isObject == true ? .key : .value
        default: throw JSONReader.Malformed()
        }
    }

    private mutating func open(isObject: Bool) throws(JSONReader.Malformed) {
        guard self.levels.count < Self.deepest else { throw JSONReader.Malformed() }
        let isRecord = isObject && self.levels.last?.isObject != true
        if isRecord { self.flush() }
        self.levels.append(Level(isObject: isObject, keys: self.keys.count, isRecord: isRecord))
        self.expected = isObject ? .firstKey : .firstValue
    }

    private mutating func close() {
        if self.levels.popLast()?.isRecord == true { self.flush() }
        self.endValue()
    }

    /// A value is complete; so is the member that it is the value of.
    private mutating func endValue() {
        if let level = self.levels.last, level.isObject, self.keys.count > level.keys { self.keys.removeLast() }
        self.expected = self.levels.isEmpty ? .value : .separator
    }

    private mutating func add(_ value: String) {
        defer { self.endValue() }
        let isLong = value.utf8.count > Self.longestValue
        let text = isLong ? CleanText.block(value, keepsIndentation: false) : CleanText.line(value)
        guard !text.isEmpty else { return }
        let key = self.key
        let line = key.isEmpty ? text : "\(key): \(text)"
        if isLong {
            self.flush()
            self.blocks.append((.paragraph, line))
        } else {
            if !self.lines.isEmpty { self.lines += "\n" }
            self.lines += line
            if self.lines.utf8.count >= Self.longestBlock { self.flush() }
        }
    }

    /// The names on the way to a value, the nearest ones where there are many.
    private var key: String {
        var shown: [String] = []
        var bytes = 0
        for key in self.keys.reversed() {
            bytes += key.utf8.count + 1
            guard bytes <= Self.longestKey else { break }
            shown.append(key)
        }
        return shown.reversed().joined(separator: ".")
    }

    private mutating func flush() {
        guard !self.lines.isEmpty else { return }
        self.blocks.append((.preformatted, self.lines))
        self.lines = ""
    }
}

extension JSONDocumentText {
    /// Writes a file's values as blocks; a file that is not JSON, whatever its name says, as the text that it is.
    static func parse(_ path: String, to output: FrameWriter) throws {
        let stream = try TextStream(path)
        var bytes: [UInt8] = []
        var buffer: [UInt8] = []
        while try stream.next(&buffer) { bytes += buffer }
        guard let text = try? JSONDocumentText(bytes) else {
            return try TextChild.parse(path, format: .sourceText, to: output)
        }
        for block in text.blocks { output.append(BlockFrame.block(block.kind, block.text)) }
    }
}
