package import Ingest

extension FolderWatch {
    /// What never changes while the folder is watched.
    package struct Settings: Sendable {
        package var pipeline: PipelineID
        /// What is watched.
        package var folder: WatchedFolder
        package var filter: FileFilter
        /// Time between two readings of the whole folder.
        package var checkInterval: Duration
        /// Time between two readings of the directories of which inotify says too little.
        package var pollInterval: Duration
        package var delays: Debouncer.Delays
        /// When a removal is held.
        package var deletions: DeletionGuard.Limits
        /// The largest file to read, in bytes; one that failed for its size is offered again when it no longer is too large.
        package var maxFileSize: Int
        /// The most files that wait at once for being looked at.
        package var pendingLimit: Int
        /// The user that the daemon runs as, for messages.
        package var user: String

        package init(
            pipeline: PipelineID,
            folder: WatchedFolder,
            filter: FileFilter,
            checkInterval: Duration,
            pollInterval: Duration = .seconds(10),
            delays: Debouncer.Delays,
            deletions: DeletionGuard.Limits = DeletionGuard.Limits(),
            maxFileSize: Int = .max,
            pendingLimit: Int = 65_536,
            user: String
        ) {
            self.pipeline = pipeline
            self.folder = folder
            self.filter = filter
            self.checkInterval = checkInterval
            self.pollInterval = min(pollInterval, checkInterval)
            self.delays = delays
            self.deletions = deletions
            self.maxFileSize = maxFileSize
            self.pendingLimit = pendingLimit
            self.user = user
        }
    }
}
