/// Reads a Word document (DOCX): its body, then its footnotes and endnotes.
enum WordDocument {
    static func read(_ reader: PackageReader, emit: @escaping (BlockFrame) -> Void) throws {
        var package = try OpenXMLPackage(reader)
        if let title = package.title { emit(.title(title)) }
        let styles = WordStyles()
        if let part = package.references.part(type: "styles") {
            _ = try package.reader.parse(part, with: styles)
        }
        let body = WordText(styles: styles) { emit(BlockFrame($0)) }
        guard try package.reader.parse(package.mainPart, with: body) else { throw PackageError.damaged }
        body.finish()
        for part in ["footnotes", "endnotes"].compactMap({ package.references.part(type: $0) }) {
            let notes = WordText(styles: styles) { emit(BlockFrame($0)) }
            _ = try package.reader.parse(part, with: notes)
            notes.finish()
        }
    }
}
