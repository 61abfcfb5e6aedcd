/// Names of the parts of a packed document, as they refer to each other.
enum PartPath {
    /// A name without `/` or `./` before it, with `/` for every `\`.
    static func normalized(_ path: String) -> String { self.resolve(path[...], against: "") }

    /// What a reference means that stands in a part.
    ///
    /// - Parameters:
    ///   - reference: Relative to the part's folder, or from the root with a `/` before it; as in a URI, `%20` is a space.
    ///   - part: The name of the part in which it stands.
    /// - Returns: The name of the part that is meant.
    static func resolve(_ reference: String, from part: String) -> String {
        let path = self.decoded(reference.prefix { $0 != "#" })
        let folder = part.lastIndex(of: "/").map { String(part[..<$0]) } ?? ""
        return self.resolve(path[...], against: folder)
    }

    private static func resolve(_ path: Substring, against folder: String) -> String {
        let isAbsolute = path.first == "/" || path.first == "\\"
        var names = isAbsolute ? [] : folder.split(separator: "/")
        for name in path.split(whereSeparator: { $0 == "/" || $0 == "\\" }) {
            switch name {
            case ".": break
            case "..": _ = names.popLast()
            default: names.append(name)
            }
        }
        return names.joined(separator: "/")
    }

    private static func decoded(_ text: Substring) -> String {
        guard text.contains("%") else { return String(text) }
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
                result.append(value)
                rest = rest.dropFirst(2)
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
