/// Finds out what a ZIP file is by the parts that are there to say so.
///
/// OpenDocument files and books have a part `mimetype`, Office Open XML documents a list of the types of their parts.
final class PackageType: XMLEventHandler {
    static let unknown = "application/zip"

    private static let typePart = "mimetype"
    private static let listPart = "[Content_Types].xml"
    private static let longestType = 128

    private var type: [UInt8] = []
    private var main: String?
    private var parser: XMLStreamParser?

    /// What is known so far.
    var mediaType: String {
        let type = CleanText.line(String(decoding: self.type, as: UTF8.self))
        guard type.isEmpty else { return Self.withoutVariant(type) }
        return self.main ?? Self.unknown
    }

    /// What to do with a part: the two are read, and once either has told, nothing more is.
    func interest(in part: String) throws -> PackageReader.Interest {
        guard self.mediaType == Self.unknown else { return .stop }
        switch part {
        case Self.typePart:
            return .read { bytes in
                self.type += bytes.prefix(max(0, Self.longestType - self.type.count))
            }
        case Self.listPart:
            let parser = try XMLStreamParser(self)
            self.parser = parser
            return .read { try parser.feed($0) }
        default:
            return .skip
        }
    }

    func finishPart() throws {
        try self.parser?.finish()
        self.parser = nil
    }

    func start(_ name: String, _ attributes: XMLAttributes) {
        guard name == "Override", self.main == nil, let type = attributes.value("ContentType") else { return }
        self.main = Self.document(ofMainPart: type)
    }

    func end(_ name: String) {}
    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}

    /// The media type of a document by that of its main part, also of a template or one with macros.
    private static func document(ofMainPart type: String) -> String? {
        let office = "application/vnd.openxmlformats-officedocument"
        guard type.hasSuffix("main+xml") else { return nil }
        if type.contains("wordprocessingml") || type.contains("ms-word") {
            return "\(office).wordprocessingml.document"
        }
        if type.contains("spreadsheetml") || type.contains("ms-excel") { return "\(office).spreadsheetml.sheet" }
        if type.contains("presentationml") || type.contains("ms-powerpoint") {
            return "\(office).presentationml.presentation"
        }
        return nil
    }

    private static func withoutVariant(_ type: String) -> String {
        for variant in ["-template", "-master"] where type.hasSuffix(variant) {
            return String(type.dropLast(variant.count))
        }
        return type
    }
}
