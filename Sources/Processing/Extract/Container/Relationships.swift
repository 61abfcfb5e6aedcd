/// What a part of an Office Open XML document refers to.
///
/// Source: ECMA-376, part 2, "Relationships".
final class Relationships: XMLEventHandler {
    private let source: String
    private var targets: [(id: String, type: String, part: String)] = []

    /// - Parameter part: The part whose references these are; empty for those of the whole package.
    init(of part: String) { self.source = part }

    /// The name of the part that holds the references of another.
    static func part(for part: String) -> String {
        guard let slash = part.lastIndex(of: "/") else { return "_rels/\(part).rels" }
        return "\(part[..<slash])/_rels/\(part[part.index(after: slash)...]).rels"
    }

    func start(_ name: String, _ attributes: XMLAttributes) {
        guard name == "Relationship", attributes.value("TargetMode") != "External",
            let id = attributes.value("Id"), let type = attributes.value("Type"),
            let target = attributes.value("Target")
        else { return }
        self.targets.append((id, type, PartPath.resolve(target, from: self.source)))
    }

    func end(_ name: String) {}
    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}

    /// The part with this id.
    func part(id: String) -> String? { self.targets.first { $0.id == id }?.part }

    /// The first part of this type.
    ///
    /// - Parameter type: The last word of the type's address, the same in both editions of the standard.
    /// - Returns: Its name; nil if there is none.
    func part(type: String) -> String? { self.targets.first { $0.type.hasSuffix("/\(type)") }?.part }

    /// Parts by id, for many look-ups.
    var partsByID: [String: String] {
        Dictionary(self.targets.map { ($0.id, $0.part) }, uniquingKeysWith: { first, _ in first })
    }
}
