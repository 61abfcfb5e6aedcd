/// Reads a PowerPoint presentation (PPTX): its slides in the order in which they are shown, each with its notes.
enum SlideDeck {
    /// The ids of the slides, in order.
    private final class Order: XMLEventHandler {
        private(set) var ids: [String] = []

        func start(_ name: String, _ attributes: XMLAttributes) {
            guard name == "sldId", let id = attributes.value("id", hasPrefix: true) else { return }
            self.ids.append(id)
        }

        func end(_ name: String) {}
        func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
    }

    static func read(_ reader: PackageReader, emit: @escaping (BlockFrame) -> Void) throws {
        var package = try OpenXMLPackage(reader)
        if let title = package.title { emit(.title(title)) }
        let order = Order()
        guard try package.reader.parse(package.mainPart, with: order) else { throw PackageError.damaged }
        let parts = package.references.partsByID
        let slides = order.ids.compactMap { parts[$0] }

        // One pass, whatever the order in the file.
        let wanted = Set(slides)
        let references = Dictionary(wanted.map { (Relationships.part(for: $0), Relationships(of: $0)) }) { $1 }
        var texts: [String: SlideText] = [:]
        var notes: [String: SlideText] = [:]
        try package.reader.parseAll { name in
            if let references = references[name] { return references }
            if wanted.contains(name) {
                let text = SlideText(isNotes: false)
                texts[name] = text
                return text
            }
            guard name.contains("notesSlide"), name.hasSuffix(".xml") else { return nil }
            let text = SlideText(isNotes: true)
            notes[name] = text
            return text
        }
        for (index, part) in slides.enumerated() {
            guard var slide = texts[part]?.slide else { continue }
            if let name = references[Relationships.part(for: part)]?.part(type: "notesSlide"),
                let text = notes[name]
            {
                slide.takeNotes(of: text.slide)
            }
            slide.emit(number: index + 1, emit)
        }
    }
}
