package import Ingest

/// The folder of a pipeline: turns paths below it into what the ledger, people and other programs see, and back.
package struct WatchedFolder: Hashable, Sendable {
    /// The longest path that other programs can open, in bytes: the kernel's `PATH_MAX` without its NUL.
    package static let longestPath = 4_095

    /// The absolute path, without a slash at the end; empty for `/`.
    private let bytes: [UInt8]

    /// - Parameter path: An absolute path.
    package init(_ path: String) {
        var bytes = path.utf8[...]
        while bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        self.bytes = Array(bytes)
    }

    package var text: String { self.bytes.isEmpty ? "/" : String(decoding: self.bytes, as: UTF8.self) }

    /// The directories above the folder, nearest first, each with the name in it that leads to the folder.
    package var ancestors: [(directory: [UInt8], name: [UInt8])] {
        var ancestors: [(directory: [UInt8], name: [UInt8])] = []
        var rest = self.bytes[...]
        while let slash = rest.lastIndex(of: UInt8(ascii: "/")) {
            let directory = slash == 0 ? rest[...slash] : rest[..<slash]
            ancestors.append((Array(directory), Array(rest[(slash + 1)...])))
            rest = rest[..<slash]
        }
        return ancestors
    }

    /// The absolute path of a file, as the kernel takes it.
    package func bytes(of path: RelativePath) -> [UInt8] {
        guard !path.isRoot else { return self.bytes.isEmpty ? [UInt8(ascii: "/")] : self.bytes }
        return self.bytes + [UInt8(ascii: "/")] + path.bytes
    }

    /// The absolute path of a file, for people.
    package func text(of path: RelativePath) -> String { String(decoding: self.bytes(of: path), as: UTF8.self) }

    package func url(of path: RelativePath) -> String { FileURL.encode(self.bytes(of: path)) }

    /// Whether the file's absolute path is short enough for other programs.
    package func canOpen(_ path: RelativePath) -> Bool {
        self.bytes.count + 1 + path.bytes.count <= Self.longestPath
    }

    /// Where a document of the ledger lies: by its address, which has the exact bytes, or else by its path.
    ///
    /// - Returns: Nil when neither is a path below a folder.
    package func path(of document: SourceDocument) -> RelativePath? {
        let prefix = self.bytes + [UInt8(ascii: "/")]
        if let absolute = FileURL.decode(document.url), absolute.starts(with: prefix) {
            let path = RelativePath(bytes: Array(absolute.dropFirst(prefix.count)))
            if path.text == document.path, Self.isClean(path) { return path }
        }
        // The folder has been moved since, but the end of the old address still has the exact bytes.
        if let absolute = FileURL.decode(document.url) {
            let components = absolute.split(separator: UInt8(ascii: "/"))
            let depth = document.path.utf8.split(separator: UInt8(ascii: "/")).count
            let path = RelativePath(bytes: Array(components.suffix(depth).joined(separator: [UInt8(ascii: "/")])))
            if path.text == document.path, Self.isClean(path) { return path }
        }
        let path = RelativePath(document.path)
        return Self.isClean(path) ? path : nil
    }

    package func document(
        _ id: FileID,
        in pipeline: PipelineID,
        at path: RelativePath,
        fingerprint: FileFingerprint
    ) -> SourceDocument {
        SourceDocument(
            id: DocumentID(pipeline: pipeline, file: id.description),
            name: String(decoding: path.name, as: UTF8.self),
            path: path.text,
            url: self.url(of: path),
            size: Int(fingerprint.size),
            fingerprint: fingerprint.description
        )
    }

    /// Whether a path leads down only, and can be given to the kernel.
    private static func isClean(_ path: RelativePath) -> Bool {
        guard !path.isRoot, !path.bytes.contains(0) else { return false }
        let components = path.bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return components.allSatisfy { !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
    }
}
