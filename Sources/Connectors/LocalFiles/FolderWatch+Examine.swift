import DequeModule
import Ingest
import OrderedCollections
import SystemPackage

extension FolderWatch {
    /// How many other paths of one inode are looked at; more hard links than that are not followed.
    static let candidateLimit = 8

    mutating func examineReady() -> Step {
        let count = min(Self.batch, self.ready.count)
        let paths = Array(self.ready.prefix(count))
        self.ready.removeFirst(count)
        return .examine(paths)
    }

    /// Says what came of `.examine`.
    ///
    /// - Parameters:
    ///   - paths: Which were to be looked at.
    ///   - result: One state for each path, in the same order.
    ///   - now: The present.
    package mutating func didExamine(
        _ paths: [RelativePath],
        _ result: Result<[FileState], LookError>,
        now: Instant
    ) {
        let wasDeciding = self.isDeciding
        self.isDeciding = false
        switch result {
        case .failure(.folder(let code)), .failure(.directory(let code)), .failure(.ignoreFile(let code)):
            self.suspend(FolderProblem(code, path: self.settings.folder.text, user: self.settings.user), now: now)
        case .success(let states) where wasDeciding:
            self.decide(Dictionary(zip(paths, states), uniquingKeysWith: { first, _ in first }))
        case .success(let states):
            for (path, state) in zip(paths, states) { self.conclude(path, state, now: now) }
        }
    }

    /// Says that a file which was offered may not be read.
    package mutating func noteUnreadable(_ path: RelativePath) {
        self.known.markUnreadable(path)
        // It may have been allowed between the attempt and now.
        if self.known[path] != nil { self.probing.append(path) }
    }

    mutating func probe() -> Step {
        let paths = Array(self.probing.suffix(Self.batch))
        self.probing.removeLast(paths.count)
        return .probe(paths)
    }

    /// Says what came of `.probe`.
    ///
    /// - Parameters:
    ///   - paths: Which were to be opened.
    ///   - results: Whether each could be, in the same order.
    package mutating func didProbe(_ paths: [RelativePath], _ results: [Bool]) {
        for (path, canBeRead) in zip(paths, results) where canBeRead && self.known[path]?.isUnreadable == true {
            self.known.markStale(path)
            self.ready.append(path)
        }
    }

    /// Forgets files and offers their removal.
    mutating func remove(_ ids: [FileID]) {
        for id in ids {
            self.outbox.append(.offer(.removed(DocumentID(pipeline: self.settings.pipeline, file: id.description))))
        }
    }

    private mutating func conclude(_ path: RelativePath, _ state: FileState, now: Instant) {
        switch state {
        case .file(let fingerprint) where self.tree.filter.reaches(file: path):
            self.conclude(path, fingerprint)
        case .file:
            // It is there and not wanted: nobody loses anything.
            self.remove(self.known.remove(path).map { [$0.id] } ?? [])
        case .other:
            self.miss(path, now: now)
        case .absent(let ancestor, let device):
            guard let expected = self.tree.device(of: ancestor), expected != device else {
                return self.miss(path, now: now)
            }
            // The file system that had it is not there: the check will say so.
            if self.check?.remounted[ancestor] == nil { self.requestCheck() }
        case .unknown(let code):
            self.known.markSeen(path)
            // Its directory, or one above, may not be passed: there is more to be seen when it may.
            if let directory = path.parent, code == .permissionDenied { self.unreadable.insert(directory) }
        }
    }

    private mutating func conclude(_ path: RelativePath, _ fingerprint: FileFingerprint) {
        self.missing.remove(path)
        if let file = self.known[path] {
            self.release(file, at: path)
            guard file.isStale || !fingerprint.isUntouched(since: file.fingerprint) else {
                self.known.markSeen(path)
                return self.doubt(path)
            }
            return self.upsert(path, file.id, fingerprint)
        }
        let candidates = self.known.paths(with: fingerprint, limit: Self.candidateLimit)
        guard candidates.isEmpty else {
            self.undecided.append(Undecided(path: path, fingerprint: fingerprint, candidates: candidates))
            return
        }
        self.noteStranger(path)
        self.upsert(path, FileID.random(using: &self.random), fingerprint)
    }

    /// Gives each new file the id of the path that its inode has left, if there is one.
    private mutating func decide(_ states: [RelativePath: FileState]) {
        let undecided = self.undecided
        self.undecided = []
        for item in undecided where self.known[item.path] == nil {
            let source = item.candidates.first { candidate in
                let isSame = self.known[candidate]?.fingerprint.isSameVersion(as: item.fingerprint) ?? false
                return isSame && Self.hasLeft(item.fingerprint, states[candidate])
            }
            if let source, let file = self.known[source] { self.release(file, at: source) }
            if source == nil { self.noteStranger(item.path) }
            let id = source.flatMap { self.known.remove($0)?.id } ?? FileID.random(using: &self.random)
            self.upsert(item.path, id, item.fingerprint)
        }
    }

    /// Remembers a new file where a file system may be the wrong one.
    private mutating func noteStranger(_ path: RelativePath) {
        if self.check?.remounted.isEmpty == false { self.check?.strangers.append(path) }
    }

    /// Remembers to look again if nobody would say when the file goes.
    private mutating func doubt(_ path: RelativePath) {
        if let directory = path.parent, self.tree.isLost(directory) { self.doubtful.insert(path) }
    }

    private static func hasLeft(_ fingerprint: FileFingerprint, _ state: FileState?) -> Bool {
        switch state {
        case .file(let found): !found.isSameFile(as: fingerprint)
        case .other, .absent: true
        case .unknown, nil: false
        }
    }

    private mutating func upsert(_ path: RelativePath, _ id: FileID, _ fingerprint: FileFingerprint) {
        self.known.set(KnownFiles.File(id: id, fingerprint: fingerprint), at: path)
        self.doubt(path)
        let document = self.settings.folder.document(
            id,
            in: self.settings.pipeline,
            at: path,
            fingerprint: fingerprint
        )
        self.outbox.append(.offer(.upserted(document)))
    }
}
