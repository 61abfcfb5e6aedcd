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
    /// Directories that fail when they are opened; the empty path is the folder itself.
    var errors: [String: Errno] = [:]
    /// The file system of a directory and of all below it, where it is not 1.
    var devices: [String: UInt64] = [:]
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
                watch: watch,
                entries: found.map { DirectoryListing.Entry(name: Array($0.0.name), kind: $0.1) }
                    .sorted { $0.name.lexicographicallyPrecedes($1.name) }
            )
        )
    }

    func examine(_ paths: [RelativePath]) -> Result<[FileState], LookError> {
        if let code = self.errors[""] { return .failure(.folder(code)) }
        return .success(
            paths.map { path in
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

    init(known: [SourceDocument] = [], filter: FileFilter, pendingLimit: Int = 1_000) {
        let settings = FolderWatch.Settings(
            pipeline: PipelineID("docs"),
            folder: WatchedFolder("/srv/docs"),
            filter: filter,
            checkInterval: .seconds(60),
            delays: Debouncer.Delays(),
            pendingLimit: pendingLimit,
            user: "corpusd"
        )
        let entries = known.map { document in
            LedgerEntry(
                document: document,
                state: .skipped(reason: ""),
                contentHash: nil,
                mediaType: nil,
                updatedAt: .distantPast
            )
        }
        for document in known { self.documents[document.id.file] = document }
        let random = SplitMix64(seed: UInt64(known.count))
        self.watch = FolderWatch(settings: settings, known: entries, now: self.now, random: random)
    }

    /// Documents by path.
    var ids: [String: String] {
        Dictionary(self.documents.values.map { ($0.path, $0.id.file) }, uniquingKeysWith: { first, _ in first })
    }

    /// Lets time pass, does everything there is to do, and returns what was said meanwhile.
    mutating func drain(after pause: Duration = .zero) -> [String] {
        let end = self.now + pause
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

    mutating func overflow() {
        self.watch.apply([InotifyEvent(watch: -1, mask: .overflowed)], now: self.now)
    }

    private mutating func perform(_ step: FolderWatch.Step) {
        switch step {
        case .offer(.upserted(let document)):
            self.documents[document.id.file] = document
            self.said.append("upserted \(document.path)")
        case .offer(.removed(let id)):
            self.said.append("removed \(self.documents.removeValue(forKey: id.file)?.path ?? "?")")
        case .reportCheckStarted: self.said.append("started")
        case .reportCheckFinished: self.said.append("finished")
        case .reportProblem(let problem): self.said.append("\(problem)")
        case .unwatch(let watches): self.watches = self.watches.filter { !watches.contains($0.value) }
        case .read(let directory):
            let number = self.watches[directory] ?? self.nextWatch
            self.nextWatch += 1
            let listing = self.folder.list(directory, watch: number)
            if case .success = listing { self.watches[directory] = number }
            self.watch.didRead(directory, listing, now: self.now, time: 1_000_000_000_000)
        case .examine(let paths): self.watch.didExamine(paths, self.folder.examine(paths), now: self.now)
        case .awaitFolder: self.watch.didAwaitFolder(watch: nil, name: [], isBack: false)
        case .wait: break
        }
    }
}
