/// The parts that every Office Open XML document has.
struct OpenXMLPackage {
    var reader: PackageReader
    /// The part with the document itself.
    let mainPart: String
    /// What it refers to.
    let references: Relationships
    let title: String?

    /// - Throws: `PackageError.damaged` if there is no document in the package.
    init(_ reader: PackageReader) throws {
        var reader = reader
        let package = Relationships(of: "")
        _ = try reader.parse("_rels/.rels", with: package)
        guard let main = package.part(type: "officeDocument") else { throw PackageError.damaged }
        let references = Relationships(of: main)
        let properties = DocumentProperties()
        let propertiesPart = package.part(type: "core-properties")
        let referencesPart = Relationships.part(for: main)
        try reader.parseAll { name in
            switch name {
            case referencesPart: references
            case propertiesPart: properties
            default: nil
            }
        }
        self.reader = reader
        self.mainPart = main
        self.references = references
        self.title = properties.title
    }
}
