import DequeModule
package import Ingest
import OrderedCollections

/// Keeps up with a folder: what is known of it, what to look at next, and what to offer.
///
/// Reads no file and knows no timer. The caller asks for the `next` step, does it, and says what came of it; events
/// come in between. Events and listings are hints only: whatever they point at is examined before anything is
/// concluded, so lost, late and contradictory events cost time and nothing else.
package struct FolderWatch: Sendable {
    package typealias Instant = ContinuousClock.Instant

    /// What to do next.
    package enum Step: Equatable, Sendable {
        case offer(Change)
        /// These are gone, so many at once that a person must say whether they may be removed.
        case hold([FileID])
        /// These were on hold and are there again.
        case release([FileID])
        case reportCheckStarted
        /// All was read but for the problem. The next check begins after the check interval.
        case reportCheckFinished(FolderProblem?, Unwatched)
        /// Nothing could be read. The next check begins after the check interval, too.
        case reportProblem(FolderProblem)
        case unwatch([Int32])
        /// Watch a directory, then read it; answer with `didRead`.
        case read(RelativePath)
        /// Look at files; answer with `didExamine`.
        case examine([RelativePath])
        /// Try to open files that could not be read; answer with `didProbe`.
        case probe([RelativePath])
        /// Watch the nearest directory above the folder for its return; answer with `didAwaitFolder`.
        case awaitFolder
        /// Nothing to do until then, or until events come.
        case wait(until: Instant)
    }

    /// How many directories have no watch, of how many; they are read again and again instead.
    package struct Unwatched: Equatable, Sendable {
        package var count: Int
        package var directories: Int

        package init(count: Int, directories: Int) {
            self.count = count
            self.directories = directories
        }
    }

    /// A directory that was read and is gone through entry by entry.
    struct Reading {
        var directory: RelativePath
        var entries: ArraySlice<DirectoryListing.Entry>
        /// When it was read, in nanoseconds since 1970.
        var time: Int64
    }

    /// A new file whose inode is known elsewhere: it was renamed if it is there no longer.
    struct Undecided {
        var path: RelativePath
        var fingerprint: FileFingerprint
        var candidates: [RelativePath]
    }

    /// How many files are examined at a time; offers of one batch are not delayed by the next.
    static let batch = 64
    /// The least time between two checks that events ask for.
    static let checkSpacing = Duration.milliseconds(500)
    /// The longest time that files which are gone wait for others that go with them.
    static let missingCeiling = Duration.seconds(5)
    /// How many times as long as it took a reading of the polled directories is followed by none.
    static let pollRest = 9

    let settings: Settings
    var tree: WatchTree
    var debouncer: Debouncer
    var known = KnownFiles()
    var random: any RandomNumberGenerator & Sendable

    var outbox: Deque<Step> = []
    var unread: OrderedSet<RelativePath> = []
    var reading: Reading?
    var ready: Deque<RelativePath> = []
    var undecided: [Undecided] = []
    /// Known files in directories that were not watched when they were looked at.
    ///
    /// They may go without an event, so they are examined again when all of `unread` has been read.
    var doubtful: Set<RelativePath> = []
    /// Whether `undecided` is what the examination in hand is for.
    var isDeciding = false

    var check: FolderCheck?
    var nextCheck: Instant
    /// When the polled directories are read next; nil while there are none.
    var nextPoll: Instant?
    var isCheckRequested = false
    var lastCheckEnd: Instant?
    /// Directories that could not be read when they were last tried.
    var unreadable: Set<RelativePath> = []
    /// Files that could not be read, and perhaps can be now.
    var probing: OrderedSet<RelativePath> = []
    /// Why the folder could not be read when it was last tried.
    var suspension: FolderProblem?
    /// Whether a check has been completed, so that the folder's file system is known to be the right one.
    var isConfirmed = false
    /// New files where a file system was not there at the last check.
    var strangers: OrderedSet<RelativePath> = []
    /// Whether a directory has been read since `doubtful` was last examined.
    var hasRead = false
    /// Whether every known file was admitted by the rules that hold now.
    var isFilterSettled = false
    /// The inode of the folder itself when it was last read.
    var folderInode: UInt64?
    /// Known files that are gone; what becomes of them is decided together.
    var missing: OrderedSet<RelativePath> = []
    var missingSince: Instant?
    var deletionGuard: DeletionGuard
    private var prefersScanning = false

    /// - Parameters:
    ///   - settings: What never changes.
    ///   - known: The ledger of the pipeline; what cannot be understood in it is offered as removed.
    ///   - held: Those of them whose files were gone, and how far the decision about them is.
    ///   - now: The first check begins at once.
    ///   - random: Where new ids come from.
    package init(
        settings: Settings,
        known: [LedgerEntry],
        held: [DocumentID: HeldDeletion.State] = [:],
        now: Instant,
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.settings = settings
        self.tree = WatchTree(filter: settings.filter)
        self.debouncer = Debouncer(delays: settings.delays, capacity: settings.pendingLimit)
        self.deletionGuard = DeletionGuard(limits: settings.deletions)
        self.nextCheck = now
        self.random = random
        for entry in known { self.remember(entry, hold: held[entry.document.id]) }
        self.tree = WatchTree(filter: settings.filter, expectedDevices: self.known.devicesByDirectory)
    }

    /// How many files are known, for logs and tests.
    package var knownCount: Int { self.known.count }

    /// Whether a check has been completed and nothing that it found is still to be looked at.
    package var isSettled: Bool {
        self.lastCheckEnd != nil && self.check == nil && !self.isCheckRequested && self.debouncer.count == 0
            && self.missing.isEmpty && self.outbox.isEmpty && self.undecided.isEmpty && self.unread.isEmpty
            && self.reading == nil && self.ready.isEmpty && self.probing.isEmpty
    }

    /// The most urgent step; each must be done before the next is asked for.
    package mutating func next(now: Instant) -> Step {
        for action in self.tree.expire(now: now) { self.handle(action, now: now) }
        while true {
            if let step = self.outbox.popFirst() { return step }
            if !self.undecided.isEmpty {
                self.isDeciding = true
                return .examine(self.undecided.flatMap(\.candidates))
            }
            // Files that events speak of and the check take turns, so that neither starves the other.
            if self.prefersScanning, let step = self.scan(now: now) {
                self.prefersScanning = false
                return step
            }
            guard self.outbox.isEmpty else { continue }
            let due = self.debouncer.due(now: now, limit: Self.batch)
            if !due.isEmpty {
                self.prefersScanning = true
                return .examine(due)
            }
            if let step = self.scan(now: now) { return step }
            guard self.outbox.isEmpty else { continue }
            if self.mayDecideOnMissing(now: now) {
                self.decideOnMissing(now: now)
            } else {
                return .wait(until: self.deadline)
            }
        }
    }

    private var deadline: Instant {
        var deadline = self.checkDue
        let missingDue = self.missingSince.map { $0 + Self.missingCeiling }
        for other in [self.debouncer.nextDue, self.tree.nextDeadline, self.nextPoll, missingDue] {
            if let other { deadline = min(deadline, other) }
        }
        return deadline
    }

    /// When the next check begins, unless one is running.
    var checkDue: Instant {
        guard self.isCheckRequested, let lastCheckEnd else { return self.nextCheck }
        return min(self.nextCheck, lastCheckEnd + Self.checkSpacing)
    }

    /// Takes one entry of the ledger over, wherever the folder was when it was written.
    private mutating func remember(_ entry: LedgerEntry, hold: HeldDeletion.State?) {
        let document = entry.document
        guard let id = FileID(document.id.file), let path = self.settings.folder.path(of: document),
            self.known[path] == nil
        else {
            self.outbox.append(.offer(.removed(document.id)))
            return
        }
        let fingerprint = FileFingerprint(document.fingerprint)
        let isStale =
            fingerprint == nil || document.url != self.settings.folder.url(of: path)
            || self.isNoLongerTooLarge(entry)
        self.known.set(
            KnownFiles.File(
                id: id,
                fingerprint: fingerprint ?? FileFingerprint(size: -1, modified: 0, inode: 0, device: 0),
                isStale: isStale,
                isUnreadable: self.hasFailed(entry, as: LocalFileError.unreadableType),
                hold: hold
            ),
            at: path
        )
    }

    /// Whether a file failed for its size, and the limit has been raised since.
    private func isNoLongerTooLarge(_ entry: LedgerEntry) -> Bool {
        guard let size = entry.document.size else { return false }
        return self.hasFailed(entry, as: LocalFileError.tooLargeType) && size <= self.settings.maxFileSize
    }

    private func hasFailed(_ entry: LedgerEntry, as type: String) -> Bool {
        if case .failed(let failure, _, _) = entry.state { failure.type == type } else { false }
    }
}
