import FoundationEssentials
import Glibc
import Ingest
import Logging
import NIOPosix
import SystemPackage

/// Does what a `FolderWatch` asks for: reads, looks, waits and offers, one step after the other.
///
/// All blocking calls, the waiting among them, happen on one thread of its own. While an offer is suspended nothing is
/// read from inotify: the kernel's queue is the buffer, and when it overflows the folder is read again.
struct FolderSession {
    private let pipeline: Pipeline
    private let folder: WatchedFolder
    private let reader: FolderReader
    private let inotify: Inotify?
    private let mountWatch: MountWatch?
    private let inbox: FolderInbox
    private let pollInterval: Duration
    /// Whether one check is all that is wanted, of which nothing is watched.
    private let isOnce: Bool
    private let wakeup: WakeupDescriptor
    private let pool: NIOThreadPool
    private let logger: Logger
    private var watch: FolderWatch
    private var lastProblem: FolderProblem?
    private var lastShortage: WatchShortage?
    /// Why the last watch was refused.
    private var watchFailure: Errno?
    /// What the folder was made of when this was last looked at.
    private var mounts: Set<MountTable.Mount> = []

    /// - Parameters:
    ///   - pipeline: What is watched.
    ///   - settings: How.
    ///   - watch: What is known of it.
    ///   - followsLinks: Whether symbolic links within the folder are followed.
    ///   - isOnce: Whether `run` returns when everything that one check found has been offered.
    ///   - inbox: What others have to say.
    ///   - logger: For what a person must act upon.
    /// - Throws: When the process has no file descriptor left.
    init(
        pipeline: Pipeline,
        settings: FolderWatch.Settings,
        watch: FolderWatch,
        followsLinks: Bool,
        isOnce: Bool,
        inbox: FolderInbox,
        logger: Logger
    ) throws {
        var logger = logger
        logger[metadataKey: "pipeline"] = "\(pipeline.id)"
        self.pipeline = pipeline
        self.folder = settings.folder
        self.pollInterval = settings.pollInterval
        self.isOnce = isOnce
        self.reader = FolderReader(folder: settings.folder, followsLinks: followsLinks)
        self.watch = watch
        self.inbox = inbox
        self.logger = logger
        self.wakeup = try WakeupDescriptor()
        do throws(Errno) {
            self.inotify = isOnce ? nil : try Inotify()
        } catch {
            self.inotify = nil
            self.watchFailure = error
        }
        // Without it a file system that is mounted is found by the next check.
        self.mountWatch = isOnce ? nil : try? MountWatch(settings.folder)
        self.pool = NIOThreadPool(numberOfThreads: 1)
        self.pool.start()
        inbox.attach(self.wakeup)
    }

    /// Ends the thread; the descriptors close with the last reference to them.
    func close() async {
        self.inbox.attach(nil)
        try? await self.pool.shutdownGracefully()
    }

    /// Runs until the task is cancelled, or one check is done if that is all.
    mutating func run(into receiver: any ChangeReceiver) async throws {
        _ = try await self.updateMounts()
        while !Task.isCancelled {
            self.takeEvents()
            for decision in self.inbox.take() { self.watch.apply(decision) }
            if self.inbox.takeCheckRequest() { self.watch.requestCheck() }
            for path in self.inbox.takeUnreadable() { self.watch.noteUnreadable(path) }
            switch self.watch.next(now: .now) {
            case .offer(let change): try await receiver.offer(change)
            case .hold(let files): await receiver.hold(files.map(self.documentID))
            case .release(let files): await receiver.release(files.map(self.documentID))
            case .reportCheckStarted: await receiver.report(.checkStarted)
            case .reportCheckFinished(let problem, let unwatched):
                await self.reportFinished(problem, unwatched, to: receiver)
            case .reportProblem(let problem):
                self.log(problem)
                await receiver.report(.unavailable(message: problem.description, nextCheckAt: self.nextCheckAt))
                if self.isOnce { return }
            case .unwatch(let watches): for watch in watches { self.inotify?.unwatch(watch) }
            case .read(let directory): try await self.read(directory)
            case .examine(let paths): try await self.examine(paths)
            case .probe(let paths): try await self.probe(paths)
            case .awaitFolder: try await self.awaitFolder()
            case .wait where self.isOnce && self.watch.isSettled: return
            case .wait(let instant): try await self.wait(until: instant)
            }
        }
    }

    private mutating func takeEvents() {
        guard let inotify else { return }
        do {
            let bytes = try inotify.read()
            if !bytes.isEmpty { self.watch.apply(try InotifyEvent.decode(bytes), now: .now) }
        } catch {
            self.logger.warning("Events were lost; the folder is read again.", metadata: ["error": "\(error)"])
            self.watch.requestCheck()
        }
    }

    private mutating func read(_ directory: RelativePath) async throws {
        let (reader, inotify) = (self.reader, self.inotify)
        let (result, failure) = try await self.pool.runIfActive {
            var failure: Errno?
            let result = Result { () throws(LookError) in
                try reader.list(directory) { descriptor in
                    do throws(Errno) {
                        return try inotify?.watch(directory: descriptor)
                    } catch {
                        failure = error
                        return nil
                    }
                }
            }
            return (result, failure)
        }
        if let failure { self.watchFailure = failure }
        if case .failure(let error) = result {
            self.logger.debug(
                "Could not read a directory.",
                metadata: ["path": "\(directory)", "error": "\(error)"]
            )
        }
        self.watch.didRead(directory, result, now: .now, time: Self.wallTime)
    }

    private mutating func examine(_ paths: [RelativePath]) async throws {
        let reader = self.reader
        let result = try await self.pool.runIfActive {
            Result { () throws(LookError) in try reader.examine(paths) }
        }
        self.watch.didExamine(paths, result, now: .now)
    }

    private mutating func probe(_ paths: [RelativePath]) async throws {
        let reader = self.reader
        self.watch.didProbe(paths, try await self.pool.runIfActive { paths.map(reader.canRead) })
    }

    private mutating func awaitFolder() async throws {
        let (reader, inotify, folder) = (self.reader, self.inotify, self.folder)
        let (found, isBack) = try await self.pool.runIfActive {
            let found = inotify?.watch(nearestOf: folder.ancestors)
            return (found, reader.canOpenFolder)
        }
        self.watch.didAwaitFolder(watch: found?.watch, name: found?.name ?? [], isBack: isBack)
    }

    private mutating func wait(until instant: ContinuousClock.Instant) async throws {
        let remaining = (instant - .now).components
        guard remaining.seconds >= 0, remaining.attoseconds >= 0 else { return }
        // Rounded up, and at most a day: who wakes early asks again.
        let milliseconds = min(remaining.seconds, 86_400) * 1_000 + remaining.attoseconds / 1_000_000_000_000_000 + 1
        let (wakeup, inotify, mountWatch, pool) = (self.wakeup, self.inotify, self.mountWatch, self.pool)
        let isMountChanged = try await withTaskCancellationHandler {
            try await pool.runIfActive {
                wakeup.poll(
                    with: inotify?.descriptor,
                    mounts: mountWatch?.descriptor,
                    milliseconds: CInt(milliseconds)
                )
            }
        } onCancel: {
            wakeup.wake()
        }
        if isMountChanged, try await self.updateMounts() { self.watch.requestCheck() }
    }

    /// Looks what is mounted at, below and above the folder.
    ///
    /// - Returns: Whether that is something else than before: most mounts of a machine are none of ours.
    private mutating func updateMounts() async throws -> Bool {
        guard let mountWatch else { return false }
        let mounts = try await self.pool.runIfActive { mountWatch.mounts() }
        defer { self.mounts = mounts }
        return mounts != self.mounts
    }
}

extension FolderSession {
    private func documentID(_ file: FileID) -> DocumentID {
        DocumentID(pipeline: self.pipeline.id, file: file.description)
    }

    private var nextCheckAt: Date { Date().addingTimeInterval(self.pipeline.checkInterval / .seconds(1)) }

    private mutating func reportFinished(
        _ problem: FolderProblem?,
        _ unwatched: FolderWatch.Unwatched,
        to receiver: any ChangeReceiver
    ) async {
        self.logger.debug("Checked the folder.", metadata: ["files": "\(self.watch.knownCount)"])
        if let problem { self.log(problem) } else { self.lastProblem = nil }
        let shortage = self.shortage(of: unwatched)
        if let shortage, self.lastShortage == nil {
            self.logger.warning("Some directories cannot be watched.", metadata: ["error": "\(shortage)"])
        }
        self.lastShortage = shortage
        await receiver.report(
            .checkFinished(
                nextCheckAt: self.nextCheckAt,
                problem: problem?.description,
                warning: shortage?.description
            )
        )
    }

    /// A problem that stays is a warning once.
    private mutating func log(_ problem: FolderProblem) {
        self.logger.log(
            level: problem == self.lastProblem ? .debug : .warning,
            "The folder cannot be read completely; nothing in it is taken for deleted.",
            metadata: ["error": "\(problem)"]
        )
        self.lastProblem = problem
    }

    private func shortage(of unwatched: FolderWatch.Unwatched) -> WatchShortage? {
        let (count, directories) = (unwatched.count, unwatched.directories)
        guard count > 0, !self.isOnce else { return nil }
        guard self.inotify != nil else {
            let limit = WatchShortage.instanceLimit
            return .instances(directories: directories, limit: limit, interval: self.pollInterval)
        }
        guard let failure = self.watchFailure, failure != .noSpace else {
            let limit = WatchShortage.watchLimit
            return .watches(count: count, directories: directories, limit: limit, interval: self.pollInterval)
        }
        let reason = failure.description.lowercased()
        return .refused(count: count, directories: directories, reason: reason, interval: self.pollInterval)
    }

    /// Nanoseconds since 1970.
    private static var wallTime: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
