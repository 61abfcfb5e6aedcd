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
    private let wakeup: WakeupDescriptor
    private let pool: NIOThreadPool
    private let logger: Logger
    private var watch: FolderWatch
    private var lastProblem: FolderProblem?
    private var hasWarnedOfWatches = false

    /// - Throws: When the process has no file descriptor left.
    init(pipeline: Pipeline, folder: WatchedFolder, watch: FolderWatch, logger: Logger) throws {
        var logger = logger
        logger[metadataKey: "pipeline"] = "\(pipeline.id)"
        self.pipeline = pipeline
        self.folder = folder
        self.reader = FolderReader(folder: folder)
        self.watch = watch
        self.logger = logger
        self.wakeup = try WakeupDescriptor()
        do throws(Errno) {
            self.inotify = try Inotify()
        } catch {
            self.inotify = nil
            logger.warning(
                "Changes are found by checks only; raise 'fs.inotify.max_user_instances' for more.",
                metadata: ["error": "\(error)"]
            )
        }
        self.pool = NIOThreadPool(numberOfThreads: 1)
        self.pool.start()
    }

    /// Ends the thread; the descriptors close with the last reference to them.
    func close() async {
        try? await self.pool.shutdownGracefully()
    }

    /// Runs until the task is cancelled.
    mutating func run(into receiver: any ChangeReceiver) async throws {
        while !Task.isCancelled {
            self.takeEvents()
            switch self.watch.next(now: .now) {
            case .offer(let change): try await receiver.offer(change)
            case .reportCheckStarted: await receiver.report(.checkStarted)
            case .reportCheckFinished: await self.reportFinished(to: receiver)
            case .reportProblem(let problem): await self.report(problem, to: receiver)
            case .unwatch(let watches): for watch in watches { self.inotify?.unwatch(watch) }
            case .read(let directory): try await self.read(directory)
            case .examine(let paths): try await self.examine(paths)
            case .awaitFolder: try await self.awaitFolder()
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
        if let failure { self.warn(of: failure, watching: directory) }
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

    private mutating func awaitFolder() async throws {
        let (reader, inotify, folder) = (self.reader, self.inotify, self.folder)
        let (found, isBack) = try await self.pool.runIfActive {
            var found: (watch: Int32, name: [UInt8])?
            for (directory, name) in folder.ancestors where found == nil {
                found = inotify?.watch(ancestor: directory).map { ($0, name) }
            }
            return (found, reader.canOpenFolder)
        }
        self.watch.didAwaitFolder(watch: found?.watch, name: found?.name ?? [], isBack: isBack)
    }

    private func wait(until instant: ContinuousClock.Instant) async throws {
        let remaining = (instant - .now).components
        guard remaining.seconds >= 0, remaining.attoseconds >= 0 else { return }
        // Rounded up, and at most a day: who wakes early asks again.
        let milliseconds = min(remaining.seconds, 86_400) * 1_000 + remaining.attoseconds / 1_000_000_000_000_000 + 1
        let (wakeup, inotify) = (self.wakeup, self.inotify)
        try await withTaskCancellationHandler {
            try await self.pool.runIfActive {
                wakeup.poll(with: inotify?.descriptor, milliseconds: CInt(milliseconds))
            }
        } onCancel: {
            wakeup.wake()
        }
    }
}

extension FolderSession {
    private mutating func reportFinished(to receiver: any ChangeReceiver) async {
        let interval = self.pipeline.checkInterval.components
        let seconds = Double(interval.seconds) + Double(interval.attoseconds) / 1e18
        self.logger.debug("Checked the folder.", metadata: ["files": "\(self.watch.knownCount)"])
        await receiver.report(.checkFinished(nextCheckAt: Date().addingTimeInterval(seconds)))
    }

    /// A problem that stays is a warning once.
    private mutating func report(_ problem: FolderProblem, to receiver: any ChangeReceiver) async {
        self.logger.log(
            level: problem == self.lastProblem ? .debug : .warning,
            "The folder cannot be read completely; nothing in it is taken for deleted.",
            metadata: ["error": "\(problem)"]
        )
        self.lastProblem = problem
        await receiver.report(.unavailable(message: problem.description))
    }

    private mutating func warn(of failure: Errno, watching directory: RelativePath) {
        let metadata: Logger.Metadata = ["path": "\(directory)", "error": "\(failure)"]
        guard !self.hasWarnedOfWatches else {
            return self.logger.debug("Could not watch a directory.", metadata: metadata)
        }
        self.hasWarnedOfWatches = true
        if failure == .noSpace {
            self.logger.warning(
                "Too many directories to watch; raise 'fs.inotify.max_user_watches'. The rest is seen by checks only.",
                metadata: metadata
            )
        } else {
            self.logger.warning("Directories that cannot be watched are seen by checks only.", metadata: metadata)
        }
    }

    /// Nanoseconds since 1970.
    private static var wallTime: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
