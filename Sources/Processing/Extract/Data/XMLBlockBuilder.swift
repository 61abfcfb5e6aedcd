import Ingest

/// Makes blocks of the elements and text that an XML parser reports.
struct XMLBlockBuilder {
    /// Bytes of a text that is shown behind the name of its element; a longer one speaks for itself.
    private static let longestValue = 200
    /// Bytes of a block after which it is ended.
    private static let longestBlock = 1 << 16

    private let output: FrameWriter
    private(set) var hasElements = false
    private var names: [String] = []
    private var text: [UInt8] = []
    /// How deep the element is in which `text` began, and whether others are inside of it.
    private var textDepth = 0
    private var isMixed = false
    /// Lines of one parent.
    private var lines = ""

    init(output: FrameWriter) { self.output = output }

    mutating func start(_ name: String, attributes: [(name: String, value: String)]) {
        self.hasElements = true
        if self.holdsText {
            self.isMixed = true
        } else {
            self.text.removeAll(keepingCapacity: true)
        }
        self.names.append(name)
        guard !self.holdsText else { return }
        for (attribute, value) in attributes where !attribute.hasPrefix("xml") {
            let value = CleanText.line(value)
            guard !value.isEmpty, value.utf8.count <= Self.longestValue else { continue }
            self.add(line: "\(name) \(attribute): \(value)")
        }
    }

    mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        if !self.holdsText { self.textDepth = self.names.count }
        self.text += bytes
        if self.text.count >= Self.longestBlock { self.flushText(name: nil) }
    }

    mutating func end() {
        let depth = self.names.count
        if self.holdsText {
            if depth <= self.textDepth { self.flushText(name: self.isMixed ? nil : self.names.last) }
        } else {
            // The end of an element with others inside; what is in it stands together.
            self.text.removeAll(keepingCapacity: true)
            self.flushLines()
        }
        if depth > 0 { self.names.removeLast() }
    }

    mutating func finish() {
        self.flushText(name: nil)
        self.flushLines()
    }

    private var holdsText: Bool { self.text.contains { $0 > 0x20 } }

    private mutating func flushText(name: String?) {
        let text = CleanText.line(String(decoding: self.text, as: UTF8.self))
        self.text.removeAll(keepingCapacity: true)
        self.isMixed = false
        guard !text.isEmpty else { return }
        if let name, name.lowercased() == "title" { self.output.append(BlockFrame.title(text)) }
        if let name, text.utf8.count <= Self.longestValue {
            self.add(line: "\(name): \(text)")
        } else {
            self.flushLines()
            self.output.append(BlockFrame.block(.paragraph, text))
        }
    }

    private mutating func add(line: String) {
        if !self.lines.isEmpty { self.lines += "\n" }
        self.lines += line
        if self.lines.utf8.count >= Self.longestBlock { self.flushLines() }
    }

    private mutating func flushLines() {
        guard !self.lines.isEmpty else { return }
        self.output.append(BlockFrame.block(.preformatted, self.lines))
        self.lines = ""
    }
}
