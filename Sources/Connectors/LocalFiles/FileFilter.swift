/// Which files below the watched folder are documents, and which directories are walked and watched at all.
///
/// Left alone whatever the patterns say are the temporary files of editors, office programs and downloads: `name~`,
/// `#name#`, `~$name`, `4913` (Vim trying whether it may write), `*___jb_tmp___`, `*___jb_old___`, `.~lock.name#`, names
/// with one of `temporaryPrefixes`, and those with one of `temporarySuffixes`; and, unless they are wanted, hidden files
/// and directories (a leading dot). `exclude` is stronger than `include`, and so are the rules of `.corpusignore` files.
package struct FileFilter: Sendable {
    /// Compared in ASCII without case.
    package static let temporarySuffixes = [
        ".tmp", ".temp", ".swp", ".swo", ".swx", ".part", ".partial", ".crdownload", ".download", ".filepart",
    ]
    /// Of hidden files that are temporary: saving by GLib, deleted files on NFS and FUSE, locks of Emacs.
    package static let temporaryPrefixes = [".goutputstream-", ".nfs", ".fuse_hidden", ".#", ".~lock."]
    private static let prefixes = Self.temporaryPrefixes.map { Array($0.utf8) }
    private static let editorSuffixes = ["~", "___jb_tmp___", "___jb_old___"]
    private static let suffixes = (Self.editorSuffixes + Self.temporarySuffixes).map { Array($0.utf8) }

    private let include: [Glob]
    private let exclude: [Glob]
    /// What makes whole directories excluded: `exclude`, and `a` for each `a/**` of it.
    private let prune: [Glob]
    private let includesHidden: Bool
    /// The rules of `.corpusignore` files, by directory; whoever reads the directories sets them.
    package var ignoreFiles: [RelativePath: IgnoreFile] = [:]

    /// - Parameters:
    ///   - include: Patterns of the files to take; empty means every file.
    ///   - exclude: Patterns of the files and directories to leave alone. `a/**` and `a/` leave all of `a` alone.
    ///   - includesHidden: Whether files and directories whose names begin with a dot are taken too.
    /// - Throws: The first pattern that is none.
    package init(
        include: [String] = [],
        exclude: [String] = [],
        includesHidden: Bool = false
    ) throws(GlobError) {
        var patterns: (include: [Glob], exclude: [Glob], prune: [Glob]) = ([], [], [])
        for pattern in include { patterns.include.append(try Glob(pattern)) }
        for pattern in exclude {
            let isDirectory = pattern.hasSuffix("/")
            let glob = try Glob(isDirectory ? String(pattern.dropLast()) : pattern)
            if !isDirectory { patterns.exclude.append(glob) }
            patterns.prune.append(glob)
            if pattern.hasSuffix("/**") { patterns.prune.append(try Glob(String(pattern.dropLast(3)))) }
        }
        self.include = patterns.include
        self.exclude = patterns.exclude
        self.prune = patterns.prune
        self.includesHidden = includesHidden
    }

    /// Whether to walk a directory; those it lies in are not asked about.
    package func admits(directory path: RelativePath) -> Bool {
        guard !path.isRoot else { return true }
        return !self.isHidden(path.name) && !self.prune.contains { $0.matches(path) }
            && !self.isIgnored(path, isDirectory: true)
    }

    /// Whether a file is a document; the directories it lies in are not asked about.
    package func admits(file path: RelativePath) -> Bool {
        !self.isHidden(path.name) && !Self.isTemporary(path.name) && path.name != IgnoreFile.name[...]
            && (self.include.isEmpty || self.include.contains { $0.matches(path) })
            && !self.exclude.contains { $0.matches(path) }
            && !self.isIgnored(path, isDirectory: false)
    }

    /// Whether a file is a document in directories that are all walked.
    package func reaches(file path: RelativePath) -> Bool {
        guard self.admits(file: path) else { return false }
        var directory = path.parent
        while let next = directory {
            guard self.admits(directory: next) else { return false }
            directory = next.parent
        }
        return true
    }

    private func isHidden(_ name: ArraySlice<UInt8>) -> Bool {
        !self.includesHidden && name.first == UInt8(ascii: ".")
    }

    /// What the nearest `.corpusignore` says that speaks of a path.
    private func isIgnored(_ path: RelativePath, isDirectory: Bool) -> Bool {
        guard !self.ignoreFiles.isEmpty else { return false }
        var directory = path.parent
        while let next = directory {
            let start = next.isRoot ? 0 : next.bytes.count + 1
            if let verdict = self.ignoreFiles[next]?.ignores(path.bytes[start...], isDirectory: isDirectory) {
                return verdict
            }
            directory = next.parent
        }
        return false
    }

    private static func isTemporary(_ name: ArraySlice<UInt8>) -> Bool {
        if name.starts(with: "~$".utf8) || name.elementsEqual("4913".utf8) { return true }
        if self.prefixes.contains(where: { name.starts(with: $0) }) { return true }
        if name.first == UInt8(ascii: "#"), name.last == UInt8(ascii: "#") { return true }
        let lowercase = name.suffix(16).map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 | 0x20 : $0 }
        return self.suffixes.contains { lowercase.suffix($0.count).elementsEqual($0) }
    }
}
