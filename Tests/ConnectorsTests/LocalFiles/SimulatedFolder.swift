import Connectors
import FoundationEssentials
import Ingest
import SeededRandom
import SystemPackage

/// A folder that exists only in memory, for driving a `FolderWatch` without files, threads or time.
struct SimulatedFolder {
    /// What is at each path below the folder.
    var files: [String: FileFingerprint] = [:]
    var directories: Set<String> = []
    /// Files that may not be read.
    var secrets: Set<String> = []
    /// Directories that fail when they are opened; the empty path is the folder itself.
    var errors: [String: Errno] = [:]
    /// The file system of a directory and of all below it, where it is not 1.
    var devices: [String: UInt64] = [:]
    /// The inode of the folder itself.
    var inode: UInt64 = 2
    /// The rules in each directory.
    var ignoreFiles: [String: String] = [:]
    private var nextInode: UInt64 = 100

    mutating func write(_ path: String, modified: Int64 = 0, size: Int64 = 1) {
        let inode = self.files[path]?.inode ?? self.nextInode
        self.nextInode += 1
        var directory = RelativePath(path).parent
        while let next = directory, !next.isRoot {
            self.directories.insert(next.text)
            directory = next.parent
        }
        self.files[path] = FileFingerprint(size: size, modified: modified, inode: inode, device: 1)
    }

    mutating func move(_ source: String, to target: String) {
        self.files[target] = self.files.removeValue(forKey: source)
    }

    /// Sets the time at which a file last changed, which no program can set back.
    mutating func change(_ path: String, at time: Int64) { self.files[path]?.changed = FileFingerprint.digest(time) }

    func list(_ directory: RelativePath, watch: Int32?) -> Result<DirectoryListing, LookError> {
        if let code = self.errors[""] { return .failure(.folder(code)) }
        if let code = self.errors[directory.text] { return .failure(.directory(code)) }
        guard directory.isRoot || self.directories.contains(directory.text) else {
            return .failure(.directory(.noSuchFileOrDirectory))
        }
        let entries =
            self.files.map { (RelativePath($0.key), DirectoryListing.Kind.file($0.value)) }
            + self.directories.map { (RelativePath($0), DirectoryListing.Kind.directory) }
        let found = entries.filter { $0.0.parent == directory }
        return .success(
            DirectoryListing(
                device: self.device(of: directory),
                inode: directory.isRoot ? self.inode : 3,
                watch: watch,
                ignoreFile: self.ignoreFiles[directory.text].map { IgnoreFile(Array($0.utf8)) },
                entries: found.map { DirectoryListing.Entry(name: Array($0.0.name), kind: $0.1) }
                    .sorted { $0.name.lexicographicallyPrecedes($1.name) }
            )
        )
    }

    func examine(_ paths: [RelativePath]) -> Result<[FileState], LookError> {
        if let code = self.errors[""] { return .failure(.folder(code)) }
        return .success(
            paths.map { path in
                if let code = self.errors[path.parent?.text ?? ""] { return .unknown(code) }
                if let fingerprint = self.files[path.text] { return .file(fingerprint) }
                if self.directories.contains(path.text) { return .other }
                var ancestor = path.parent ?? .root
                while !ancestor.isRoot, !self.directories.contains(ancestor.text) {
                    ancestor = ancestor.parent ?? .root
                }
                return .absent(ancestor: ancestor, device: self.device(of: ancestor))
            }
        )
    }

    private func device(of directory: RelativePath) -> UInt64 {
        var next: RelativePath? = directory
        while let path = next {
            if let device = self.devices[path.text] { return device }
            next = path.parent
        }
        return 1
    }
}

/// Runs a `FolderWatch` on a `SimulatedFolder` and writes down what it offers and reports.
struct SimulatedWatch {
    var folder = SimulatedFolder()
    private(set) var watch: FolderWatch
    /// What was said since the last `drain`, in order.
    private var said: [String] = []
    /// The documents as a receiver of the changes would know them.
    private(set) var documents: [String: SourceDocument] = [:]
    private(set) var watches: [RelativePath: Int32] = [:]
    private var now = ContinuousClock.now
    private var nextWatch: Int32 = 1
    /// How many directories can be watched.
    var watchLimit = Int.max
    /// What the last check said of directories without a watch.
    private(set) var unwatched: FolderWatch.Unwatched?
    /// Directories in the order in which they were read since the last `drain`.
    private(set) var reads: [String] = []
    /// Files that were tried to be opened since the last `drain`, each as often as it was.
    private(set) var probes: [String] = []

    init(
        known: [SourceDocument] = [],
        held: [DocumentID: HeldDeletion.State] = [:],
        filter: FileFilter,
        deletions: DeletionGuard.Limits = DeletionGuard.Limits(),
        pendingLimit: Int = 1_000,
        state: LedgerEntry.State = .skipped(reason: "")
    ) {
        let settings = FolderWatch.Settings(
            pipeline: PipelineID("docs"),
            folder: WatchedFolder("/srv/docs"),
            filter: filter,
            checkInterval: .seconds(60),
            delays: Debouncer.Delays(),
            deletions: deletions,
            pendingLimit: pendingLimit,
            user: "corpusd"
        )
        let entries = known.map { document in
            LedgerEntry(
                document: document,
                state: state,
                contentHash: nil,
                mediaType: nil,
                updatedAt: .distantPast
            )
        }
        for document in known { self.documents[document.id.file] = document }
        let random = SplitMix64(seed: UInt64(known.count))
        self.watch = FolderWatch(settings: settings, known: entries, held: held, now: self.now, random: random)
    }

    /// Documents by path.
    var ids: [String: String] {
        Dictionary(self.documents.values.map { ($0.path, $0.id.file) }, uniquingKeysWith: { first, _ in first })
    }

    /// Lets time pass, does everything there is to do, and returns what was said meanwhile.
    mutating func drain(after pause: Duration = .zero) -> [String] {
        let end = self.now + pause
        (self.reads, self.probes) = ([], [])
        while true {
            let step = self.watch.next(now: self.now)
            if case .wait(let until) = step {
                guard until <= end else { break }
                self.now = max(self.now, until)
            } else {
                self.perform(step)
            }
        }
        self.now = end
        defer { self.said = [] }
        return self.said
    }

    /// An event in a directory that is watched.
    mutating func event(_ directory: String, _ mask: InotifyEvent.Mask, _ name: String, cookie: UInt32 = 0) {
        guard let number = self.watches[RelativePath(directory)] else { return }
        let event = InotifyEvent(watch: number, mask: mask, cookie: cookie, name: Array(name.utf8))
        self.watch.apply([event], now: self.now)
    }

    /// What a person has decided about everything on hold.
    mutating func decide(_ decision: HeldDecision) {
        if case .removed(let ids) = decision { for id in ids { self.documents[id.file] = nil } }
        self.watch.apply(decision)
    }

    mutating func overflow() {
        self.watch.apply([InotifyEvent(watch: -1, mask: .overflowed)], now: self.now)
    }

    private mutating func perform(_ step: FolderWatch.Step) {
        switch step {
        case .offer(.upserted(let document)):
            self.documents[document.id.file] = document
            self.said.append("upserted \(document.path)")
            // A worker tries to read it.
            if self.folder.secrets.contains(document.path) { self.watch.noteUnreadable(RelativePath(document.path)) }
        case .offer(.removed(let id)):
            self.said.append("removed \(self.documents.removeValue(forKey: id.file)?.path ?? "?")")
        case .reportCheckStarted: self.said.append("started")
        case .hold(let files): self.said += files.map { "held \(self.documents[$0.description]?.path ?? "?")" }
        case .release(let files): self.said += files.map { "released \(self.documents[$0.description]?.path ?? "?")" }
        case .reportCheckFinished(let problem, let unwatched):
            self.said.append("finished")
            self.unwatched = unwatched
            if let problem { self.said.append("\(problem)") }
        case .reportProblem(let problem): self.said.append("\(problem)")
        case .unwatch(let watches): self.watches = self.watches.filter { !watches.contains($0.value) }
        case .read(let directory):
            self.reads.append(directory.text)
            let isWatched = self.watches[directory] != nil || self.watches.count < self.watchLimit
            let number = isWatched ? self.watches[directory] ?? self.nextWatch : nil
            self.nextWatch += 1
            let listing = self.folder.list(directory, watch: number)
            if case .success = listing { self.watches[directory] = number }
            self.watch.didRead(directory, listing, now: self.now, time: 1_000_000_000_000)
        case .examine(let paths): self.watch.didExamine(paths, self.folder.examine(paths), now: self.now)
        case .probe(let paths):
            self.probes += paths.map(\.text)
            self.watch.didProbe(paths, paths.map { !self.folder.secrets.contains($0.text) })
        case .awaitFolder: self.watch.didAwaitFolder(watch: nil, name: [], isBack: false)
        case .wait: break
        }
    }
}
