/// Where a file lies below the watched folder, as the bytes that the kernel knows it by.
///
/// Components are separated by `/`, with none at either end; the folder itself is the empty path. File names are
/// bytes, not text: two names that a `String` calls equal are two files, and some names are no text at all.
package struct RelativePath: Hashable, Sendable {
    package static let root = RelativePath(bytes: [])
    private static let slash = UInt8(ascii: "/")

    package let bytes: [UInt8]

    package init(bytes: [UInt8]) { self.bytes = bytes }
    package init(_ text: String) { self.bytes = Array(text.utf8) }

    package var isRoot: Bool { self.bytes.isEmpty }

    /// The path for people: what is not UTF-8 shows as U+FFFD.
    package var text: String { String(decoding: self.bytes, as: UTF8.self) }

    /// Whether `text` names the same file to other programs.
    package var isText: Bool { self.text.utf8.elementsEqual(self.bytes) }

    /// The last component; empty for the root.
    package var name: ArraySlice<UInt8> {
        guard let slash = self.bytes.lastIndex(of: Self.slash) else { return self.bytes[...] }
        return self.bytes[(slash + 1)...]
    }

    /// The directory that it lies in; nil for the root.
    package var parent: RelativePath? {
        guard !self.isRoot else { return nil }
        guard let slash = self.bytes.lastIndex(of: Self.slash) else { return .root }
        return RelativePath(bytes: Array(self.bytes[..<slash]))
    }

    /// The path itself and every directory above it, the root last.
    var withAncestors: UnfoldFirstSequence<RelativePath> { sequence(first: self, next: \.parent) }

    /// Whether a condition holds for the path or for any directory above it.
    func isBelow(_ condition: (RelativePath) -> Bool) -> Bool { self.withAncestors.contains(where: condition) }

    /// Whether a path lies directly in this one.
    package func isParent(of path: RelativePath) -> Bool {
        guard !self.isRoot else { return !path.isRoot && !path.bytes.contains(Self.slash) }
        let count = self.bytes.count
        guard path.bytes.count > count + 1, path.bytes[count] == Self.slash else { return false }
        return path.bytes.starts(with: self.bytes) && !path.bytes[(count + 1)...].contains(Self.slash)
    }

    package var components: [ArraySlice<UInt8>] { self.bytes.split(separator: Self.slash) }

    package func appending(_ name: some Collection<UInt8>) -> RelativePath {
        guard !self.isRoot else { return RelativePath(bytes: Array(name)) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(self.bytes.count + 1 + name.count)
        bytes += self.bytes
        bytes.append(Self.slash)
        bytes += name
        return RelativePath(bytes: bytes)
    }

    /// Whether it is `directory` itself or lies anywhere below it.
    package func isWithin(_ directory: RelativePath) -> Bool {
        Self.isWithin(self.bytes[...], directory)
    }

    /// `isWithin` for bytes that are kept elsewhere.
    static func isWithin(_ path: ArraySlice<UInt8>, _ directory: RelativePath) -> Bool {
        let count = directory.bytes.count
        guard count > 0 else { return true }
        guard path.count >= count, path.starts(with: directory.bytes) else { return false }
        return path.count == count || path[path.startIndex + count] == Self.slash
    }

    /// The path after its directory `source` became `target`; the path must lie within `source`.
    package func moved(from source: RelativePath, to target: RelativePath) -> RelativePath {
        let rest = self.bytes.dropFirst(source.bytes.count)
        guard target.isRoot else { return RelativePath(bytes: target.bytes + rest) }
        return RelativePath(bytes: Array(rest.drop { $0 == Self.slash }))
    }
}

extension RelativePath: CustomStringConvertible {
    package var description: String { self.isRoot ? "." : self.text }
}
