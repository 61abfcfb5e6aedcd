extension Config {
    /// An entry of `pipelines`: one place that is kept searchable.
    package struct Pipeline: Equatable, Sendable {
        /// What kind of place it is; the raw values are those of the event contract.
        package enum Kind: String, Sendable, CaseIterable {
            /// A directory with everything below it.
            case localFiles = "local_files"
            /// A folder of Google Drive, or all of one.
            case googleDrive = "google_drive"
        }

        /// `id`: names the pipeline in events and in the store.
        ///
        /// 1 to 64 of `a-z`, `0-9`, `_` and `-`; unique. Required.
        package var id: String
        /// `type`: what is watched.
        ///
        /// Required.
        package var kind: Kind
        /// `path`: the directory to watch.
        ///
        /// Absolute. Required for `local_files`, nil for others; so are `settle`, `hidden` and `follow_symlinks` theirs.
        package var path: String?
        /// What is watched of Google Drive, and how it is reached; nil for other types.
        package var drive: GoogleDrive?
        /// `check_interval`: time between two full checks.
        ///
        /// 1s to 7d. Default 60s.
        package var checkInterval: Duration
        /// `include`: patterns of the files to read.
        ///
        /// Empty, the default, is every file.
        package var include: [String]
        /// `exclude`: patterns of the files to leave alone.
        ///
        /// Stronger than `include`. Default none.
        package var exclude: [String]
        /// `max_file_size`: the largest file to read, in bytes.
        ///
        /// 1kB to 10GB. Default 100MB.
        package var maxFileSize: Int
        /// `settle`: how long a file must be quiet that is being written and that nobody has closed.
        ///
        /// 100ms to 10m. Default 2s.
        package var settle: Duration
        /// `hidden`: whether files and directories are read whose names begin with a dot.
        ///
        /// Default false.
        package var includesHidden: Bool
        /// `follow_symlinks`: whether symbolic links are followed whose targets lie within the folder.
        ///
        /// Default false.
        package var followsLinks: Bool
        package var deletion: Deletion
    }
}
