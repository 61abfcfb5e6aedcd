import Glibc
package import Ingest
package import Logging
import NIOPosix

/// A folder of this machine with everything below it.
///
/// Reads it at start and after every check interval, and follows inotify in between; directories of which inotify says
/// too little are read more often. Symbolic links are followed where that is asked for and the target lies within the
/// folder; other file systems that are mounted below are always. A file's id is random, given when it is first seen; it stays when the
/// file is changed, replaced under its name, or moved within the folder, also while nobody watched. A copy is another
/// document, and so is a new file where a moved one was.
package struct LocalFilesSource: Source {
    package let pipeline: Pipeline
    private let filter: FileFilter
    private let delays: Debouncer.Delays
    private let deletions: DeletionGuard.Limits
    private let pollInterval: Duration
    private let pendingLimit: Int
    private let fetcher: FileFetcher
    private let inbox = FolderInbox()
    private let logger: Logger

    /// - Parameters:
    ///   - pipeline: Its `watchLocation` is the absolute path of the folder.
    ///   - filter: Which files are documents.
    ///   - maxFileSize: The largest file to read, in bytes.
    ///   - settle: How long a file must be quiet that nobody has closed yet.
    ///   - followsLinks: Whether symbolic links are followed whose targets lie within the folder.
    ///   - deletions: How much may go at once before a person must say so.
    ///   - pollInterval: How often directories are read of which inotify says too little; more often than checks.
    ///   - pendingLimit: The most files that wait at once for being looked at; more cost another check.
    ///   - temporaryDirectory: Where files are copied whose names are not UTF-8.
    ///   - logger: For what a person must act upon.
    package init(
        pipeline: Pipeline,
        filter: FileFilter,
        maxFileSize: Int,
        settle: Duration = .seconds(2),
        followsLinks: Bool = false,
        deletions: DeletionGuard.Limits = DeletionGuard.Limits(),
        pollInterval: Duration = .seconds(10),
        pendingLimit: Int = 65_536,
        temporaryDirectory: String = "/tmp",
        logger: Logger
    ) {
        self.pipeline = pipeline
        self.filter = filter
        self.delays = Debouncer.Delays(written: settle, ceiling: max(pipeline.checkInterval, settle))
        self.deletions = deletions
        self.pollInterval = pollInterval
        self.pendingLimit = pendingLimit
        self.fetcher = FileFetcher(
            folder: WatchedFolder(pipeline.watchLocation),
            maxFileSize: maxFileSize,
            temporaryDirectory: temporaryDirectory,
            user: Self.currentUser,
            followsLinks: followsLinks
        )
        self.logger = logger
    }

    package func run(
        known: [LedgerEntry],
        held: [DocumentID: HeldDeletion.State],
        into receiver: any ChangeReceiver
    ) async throws {
        let watch = FolderWatch(settings: self.settings, known: known, held: held, now: .now)
        var session = try self.session(watch, isOnce: false)
        do {
            try await session.run(into: receiver)
        } catch is CancellationError {
            // The daemon stops; what was not offered is found again after the next start.
        }
        await session.close()
    }

    package func checkOnce(
        known: [LedgerEntry],
        held: [DocumentID: HeldDeletion.State],
        into receiver: any ChangeReceiver
    ) async throws {
        var settings = self.settings
        // Everything is read once: directories that nobody watches are not read again.
        settings.checkInterval = .seconds(86_400)
        settings.pollInterval = settings.checkInterval
        let watch = FolderWatch(settings: settings, known: known, held: held, now: .now)
        var session = try self.session(watch, isOnce: true)
        do {
            try await session.run(into: receiver)
        } catch {
            await session.close()
            throw error
        }
        await session.close()
        try Task.checkCancellation()
    }

    private var settings: FolderWatch.Settings {
        FolderWatch.Settings(
            pipeline: self.pipeline.id,
            folder: self.fetcher.folder,
            filter: self.filter,
            checkInterval: self.pipeline.checkInterval,
            pollInterval: self.pollInterval,
            delays: self.delays,
            deletions: self.deletions,
            maxFileSize: self.fetcher.maxFileSize,
            pendingLimit: self.pendingLimit,
            user: self.fetcher.user
        )
    }

    private func session(_ watch: FolderWatch, isOnce: Bool) throws -> FolderSession {
        try FolderSession(
            pipeline: self.pipeline,
            settings: watch.settings,
            watch: watch,
            followsLinks: self.fetcher.followsLinks,
            isOnce: isOnce,
            inbox: self.inbox,
            logger: self.logger
        )
    }

    package func apply(_ decision: HeldDecision) { self.inbox.send(decision) }

    package func requestCheck() -> Bool {
        self.inbox.requestCheck()
        return true
    }

    package func fetch(_ document: SourceDocument) async throws -> FetchedContent {
        let fetcher = self.fetcher
        do {
            return try await NIOThreadPool.singleton.runIfActive { try fetcher.fetch(document) }
        } catch let error as LocalFileError {
            if case .unreadable = error, let path = fetcher.folder.path(of: document) {
                self.inbox.noteUnreadable(path)
            }
            throw error
        }
    }

    package func release(_ content: FetchedContent) async {
        guard content.isTemporary else { return }
        try? await NIOThreadPool.singleton.runIfActive { _ = unlink(content.filePath) }
    }

    /// The name of the user that the daemon runs as, or its number if it has none.
    static var currentUser: String {
        let id = geteuid()
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard getpwuid_r(id, &entry, &buffer, buffer.count, &found) == 0, found != nil, let name = entry.pw_name else {
            return String(id)
        }
        return String(cString: name)
    }
}
