/// Makes blocks of the DocBook that antiword makes of Word's old documents.
final class DocBookText: XMLEventHandler {
    private let emit: (BlockFrame) -> Void
    private var builder = HTMLBlockBuilder()
    private var noteBuilder = HTMLBlockBuilder()
    private var notes: [BlockFrame] = []
    private var isInNote = false
    private var isInInfo = false
    private var level = 0
    private var tables = 0

    init(emit: @escaping (BlockFrame) -> Void) { self.emit = emit }

    func finish() {
        self.builder.finish { self.emit(BlockFrame($0)) }
        self.noteBuilder.finish { self.notes.append(BlockFrame($0)) }
        for note in self.notes { self.emit(note) }
    }

    func start(_ name: String, _ attributes: XMLAttributes) {
        switch name {
        case "bookinfo": self.isInInfo = true
        case "chapter": self.level = 1
        case _ where name.hasPrefix("sect"):
            self.level = min(1 + (Int(name.dropFirst(4)) ?? 1), 6)
        case "title": self.begin(self.level == 0 ? "title" : "h\(self.level)")
        case "para": self.begin("p")
        case "footnote": self.isInNote = true
        case "listitem": if self.tables == 0 { self.begin("li") }
        case "informaltable":
            self.tables += 1
            if self.tables == 1 { self.begin("table") }
        case "row": if self.tables == 1 { self.begin("tr") }
        case "entry": if self.tables == 1 { self.begin("td") }
        default: break
        }
    }

    func end(_ name: String) {
        switch name {
        case "bookinfo": self.isInInfo = false
        case "title": self.finishElement(self.level == 0 ? "title" : "h\(self.level)")
        case "para": self.finishElement("p")
        case "footnote": self.isInNote = false
        case "listitem": if self.tables == 0 { self.finishElement("li") }
        case "informaltable":
            self.tables = max(0, self.tables - 1)
            if self.tables == 0 { self.finishElement("table") }
        case "row": if self.tables == 1 { self.finishElement("tr") }
        default: break
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard !self.isInInfo else { return }
        if self.isInNote {
            self.noteBuilder.text(bytes) { self.notes.append(BlockFrame($0)) }
        } else {
            self.builder.text(bytes) { self.emit(BlockFrame($0)) }
        }
    }

    private func begin(_ element: String) {
        guard !self.isInInfo else { return }
        if self.isInNote {
            self.noteBuilder.start(element, isHidden: false) { self.notes.append(BlockFrame($0)) }
        } else {
            self.builder.start(element, isHidden: false) { self.emit(BlockFrame($0)) }
        }
    }

    private func finishElement(_ element: String) {
        guard !self.isInInfo else { return }
        if self.isInNote {
            self.noteBuilder.end(element) { self.notes.append(BlockFrame($0)) }
        } else {
            self.builder.end(element) { self.emit(BlockFrame($0)) }
        }
    }
}

extension DocBookText {
    /// Reads what antiword made.
    static func parse(_ path: String, emit: @escaping (BlockFrame) -> Void) throws {
        let file = try InputFile(path)
        let text = DocBookText(emit: emit)
        // The program does not escape everything that it should.
        let parser = try XMLStreamParser(text, recovers: true)
        while case let chunk = try file.nextChunk(), !chunk.isEmpty {
            try chunk.withUnsafeBytes { try parser.feed($0) }
        }
        try parser.finish()
        text.finish()
    }
}
