/// Finds the title among a document's properties: the first element `title`.
final class DocumentProperties: XMLEventHandler {
    private static let longestTitle = 2_048

    private var bytes: [UInt8] = []
    private var isOpen = false
    private var isDone = false

    /// Nil if there is none or it is blank.
    var title: String? {
        let title = CleanText.line(String(decoding: self.bytes, as: UTF8.self))
        return title.isEmpty ? nil : title
    }

    func start(_ name: String, _ attributes: XMLAttributes) {
        if name == "title", !self.isDone { self.isOpen = true }
    }

    func end(_ name: String) {
        guard name == "title", self.isOpen else { return }
        self.isOpen = false
        self.isDone = true
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard self.isOpen, self.bytes.count + bytes.count <= Self.longestTitle else { return }
        self.bytes.append(contentsOf: bytes)
    }
}
