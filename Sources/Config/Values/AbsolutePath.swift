/// A path from the root, without `.`, `..` or doubled slashes.
///
/// Made from the text alone: symbolic links are not followed, so `a/link/..` is `a`.
struct AbsolutePath: Hashable, Sendable {
    /// Linux's PATH_MAX, less the byte that ends a C string.
    private static let lengthLimit = 4_095

    private let components: [Substring]

    var string: String { "/" + self.components.joined(separator: "/") }

    /// - Parameter path: Taken from the root, whether or not it begins with a slash.
    init(_ path: String) {
        var components: [Substring] = []
        for component in path.split(separator: "/") where component != "." {
            if component == ".." { _ = components.popLast() } else { components.append(component) }
        }
        self.components = components
    }

    /// Resolves a path that somebody wrote.
    init(_ text: String, relativeTo directory: AbsolutePath) throws(InvalidValue) {
        guard !text.isEmpty else { throw InvalidValue("must be a path, not an empty text") }
        guard !text.unicodeScalars.contains("\0") else { throw InvalidValue("must be a path without a NUL character") }
        guard text != "~", !text.hasPrefix("~/") else {
            throw InvalidValue("must be a path without '~', which is not expanded: write the home directory out")
        }
        self.init(text.hasPrefix("/") ? text : "\(directory.string)/\(text)")
        guard self.string.utf8.count <= Self.lengthLimit else {
            throw InvalidValue("must be a path of at most \(Self.lengthLimit) bytes")
        }
    }

    /// Whether the other path is this one or lies below it.
    func contains(_ other: AbsolutePath) -> Bool { other.components.starts(with: self.components) }
}
