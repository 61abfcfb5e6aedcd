extension WatchTree {
    /// What follows from events.
    package enum Action: Equatable, Sendable {
        /// Something happened to a file.
        case changed(RelativePath, Debouncer.Activity)
        /// A file was renamed within the folder, over whatever was at the new path.
        case moved(from: RelativePath, to: RelativePath)
        /// A directory was renamed within the folder; its files have new paths and must be looked at.
        case movedDirectory(from: RelativePath, to: RelativePath)
        /// A directory is new, or readable again: read it and all below it.
        case appeared(RelativePath)
        /// The attributes of a known directory changed, perhaps who may read what is in it.
        case attributesChanged(RelativePath)
        /// A directory is gone with all below it.
        case vanished(RelativePath)
        /// These watches are of no use any more.
        case unwatch([Int32])
        /// The folder itself went, or may be back.
        case rootChanged
        /// A file system that was mounted below the folder is not there any more.
        case unmounted
        /// The rules of what to leave alone in a directory have changed.
        case rulesChanged
        /// Events were lost.
        case overflowed
    }
}
