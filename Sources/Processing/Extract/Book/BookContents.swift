/// What an EPUB's package document says: the title, and which parts to read in which order.
///
/// Source: EPUB 3.3, "Package document".
final class BookContents: XMLEventHandler {
    private let part: String
    private let properties = DocumentProperties()
    private var pages: [String: String] = [:]
    private var order: [String] = []

    /// - Parameter part: The name of the package document.
    init(part: String) { self.part = part }

    var title: String? { self.properties.title }

    /// The names of the parts with text, in reading order, each once.
    var chapters: [String] {
        var seen: Set<String> = []
        return self.order.compactMap { self.pages[$0] }.filter { seen.insert($0).inserted }
    }

    func start(_ name: String, _ attributes: XMLAttributes) {
        self.properties.start(name, attributes)
        switch name {
        case "item":
            guard let id = attributes.value("id"), let reference = attributes.value("href") else { return }
            let type = attributes.value("media-type") ?? ""
            guard type == "application/xhtml+xml" || type == "text/html" else { return }
            self.pages[id] = PartPath.resolve(reference, from: self.part)
        case "itemref": if let id = attributes.value("idref") { self.order.append(id) }
        default: break
        }
    }

    func end(_ name: String) { self.properties.end(name) }
    func text(_ bytes: UnsafeBufferPointer<UInt8>) { self.properties.text(bytes) }
}
