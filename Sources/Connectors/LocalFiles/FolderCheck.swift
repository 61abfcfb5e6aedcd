import OrderedCollections

/// A pass over the folder that has begun and not ended.
struct FolderCheck: Sendable {
    enum Scope: Sendable {
        /// Every directory.
        case everything
        /// Those of which inotify says too little; it reports nothing, and leaves problems to full checks.
        case polled
    }

    let scope: Scope
    let began: ContinuousClock.Instant
    var isSweeping = false
    /// Known paths that have another inode now; whether the old one was moved is known when all is read.
    var replaced: [RelativePath] = []
    var unreadable: [RelativePath: FolderProblem] = [:]
    /// Directories that are on another file system than before.
    var remounted: [RelativePath: UInt64] = [:]
    /// Those of `remounted` without any of their known files: what was there is not mounted.
    var lost: [RelativePath] = []
    /// New files, noted where a file system has changed: they do not show that it is the right one.
    var strangers: OrderedSet<RelativePath> = []
    /// Directories that were to be read again and are gone.
    var absent: [RelativePath] = []

    /// Whether a path is, or lies below, a directory that could not be read.
    func isUnreadable(_ path: RelativePath) -> Bool {
        !self.unreadable.isEmpty && path.isBelow { self.unreadable[$0] != nil }
    }

    /// Whether a path lies below a directory whose file system is not there.
    func isLost(_ path: RelativePath) -> Bool { self.lost.contains { path.isWithin($0) } }

    /// The topmost directories of `remounted`.
    var remountedRoots: [RelativePath] {
        self.remounted.keys.filter { path in !(path.parent?.isBelow { self.remounted[$0] != nil } ?? false) }
    }

    /// The first problem in the order of paths, standing for all of them.
    func problem(in folder: WatchedFolder) -> FolderProblem? {
        var problems = self.unreadable
        for directory in self.lost { problems[directory] = .otherFileSystem(path: folder.text(of: directory)) }
        guard let first = problems.min(by: { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }) else { return nil }
        return problems.count == 1 ? first.value : .several(first: first.value, others: problems.count - 1)
    }
}
