extension Schema {
    /// Adds what the server itself remembers over a restart.
    static let version2 = [
        """
        CREATE TABLE server_state (
            key TEXT PRIMARY KEY,
            value BLOB NOT NULL,
            saved_at INTEGER NOT NULL
        ) STRICT
        """
    ]
}
