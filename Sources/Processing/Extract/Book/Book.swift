/// Reads an EPUB: its chapters in reading order, each as the page that it is.
enum Book {
    /// Finds the package document.
    private final class Container: XMLEventHandler {
        private(set) var part: String?

        func start(_ name: String, _ attributes: XMLAttributes) {
            guard name == "rootfile", self.part == nil else { return }
            self.part = attributes.value("full-path").map { PartPath.normalized($0) }
        }

        func end(_ name: String) {}
        func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
    }

    /// The parts that are encrypted; fonts may be, without keeping anybody from reading.
    private final class Encryption: XMLEventHandler {
        private(set) var parts: Set<String> = []

        func start(_ name: String, _ attributes: XMLAttributes) {
            guard name == "CipherReference", let reference = attributes.value("URI") else { return }
            self.parts.insert(PartPath.resolve(reference, from: ""))
        }

        func end(_ name: String) {}
        func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
    }

    static func read(_ reader: PackageReader, emit: @escaping (BlockFrame) -> Void) throws {
        var reader = reader
        let container = Container()
        let encryption = Encryption()
        try reader.parseAll { name in
            switch name {
            case "META-INF/container.xml": container
            case "META-INF/encryption.xml": encryption
            default: nil
            }
        }
        guard let part = container.part else { throw PackageError.damaged }
        let contents = BookContents(part: part)
        guard try reader.parse(part, with: contents) else { throw PackageError.damaged }
        if let title = contents.title { emit(.title(title)) }
        let chapters = contents.chapters
        guard encryption.parts.isDisjoint(with: chapters) else { throw PackageError.encrypted }
        try self.readChapters(chapters, of: &reader, emit)
    }

    /// One pass, whatever the order in the file.
    private static func readChapters(
        _ chapters: [String],
        of reader: inout PackageReader,
        _ emit: @escaping (BlockFrame) -> Void
    ) throws {
        let wanted = Set(chapters)
        var texts: [String: Chapter] = [:]
        var stream: HTMLStream?
        try reader.visit { name in
            guard wanted.contains(name), texts[name] == nil else { return .skip }
            let chapter = Chapter()
            texts[name] = chapter
            let page = try HTMLStream { chapter.append($0) }
            stream = page
            return .read { try page.feed(Array($0)) }
        } finished: {
            try stream?.finish()
            stream = nil
        }
        for name in chapters {
            for block in texts[name]?.blocks ?? [] { emit(block) }
        }
    }

    /// What one page holds; its own title is mostly that of the book.
    private final class Chapter {
        private(set) var blocks: [BlockFrame] = []

        func append(_ output: HTMLBlockBuilder.Output) {
            if case .block(let kind, let text) = output { self.blocks.append(.block(kind, text)) }
        }
    }
}
