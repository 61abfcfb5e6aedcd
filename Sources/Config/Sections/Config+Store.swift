extension Config {
    /// `store`: where documents, chunks and vectors are kept.
    package struct Store: Equatable, Sendable {
        static let defaultPath = AbsolutePath("/var/lib/corpusd/corpusd.db")

        /// `path`: the SQLite database file, in no watched folder.
        ///
        /// Default `/var/lib/corpusd/corpusd.db`.
        package var path: String
    }
}
