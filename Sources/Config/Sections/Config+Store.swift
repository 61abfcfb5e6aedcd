extension Config {
    /// `store`: where documents, chunks and vectors are kept.
    package struct Store: Equatable, Sendable {
        static let defaultPath = AbsolutePath("/var/lib/corpusd/corpusd.db")

        /// `path`: the SQLite database file, in no watched folder.
        ///
        /// Default `/var/lib/corpusd/corpusd.db`.
        package var path: String

        /// Where the database lies; the daemon keeps its other large files there, too.
        package var directory: String {
            let end = self.path.lastIndex(of: "/") ?? self.path.startIndex
            return end == self.path.startIndex ? "/" : String(self.path[..<end])
        }
    }
}
