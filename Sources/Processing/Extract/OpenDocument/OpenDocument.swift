/// The parts that every OpenDocument file has.
enum OpenDocument {
    static let content = "content.xml"

    /// Finds out whether a password is needed: each part that is encrypted says so in the table of parts.
    private final class Manifest: XMLEventHandler {
        private(set) var isEncrypted = false

        func start(_ name: String, _ attributes: XMLAttributes) {
            if name == "encryption-data" { self.isEncrypted = true }
        }

        func end(_ name: String) {}
        func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
    }

    /// Reads a text (ODT) or a presentation (ODP).
    static func read(_ reader: PackageReader, emit: @escaping (BlockFrame) -> Void) throws {
        var reader = reader
        try self.begin(&reader, emit: emit)
        let text = OpenDocumentText(emit: emit)
        guard try reader.parse(self.content, with: text) else { throw PackageError.damaged }
        text.finish()
    }

    /// Reads what stands beside the content, the title.
    static func begin(_ reader: inout PackageReader, emit: (BlockFrame) -> Void) throws {
        let manifest = Manifest()
        _ = try reader.parse("META-INF/manifest.xml", with: manifest)
        guard !manifest.isEncrypted else { throw PackageError.encrypted }
        let properties = DocumentProperties()
        _ = try reader.parse("meta.xml", with: properties)
        if let title = properties.title { emit(.title(title)) }
    }
}
