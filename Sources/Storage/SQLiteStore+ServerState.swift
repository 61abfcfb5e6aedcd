import FoundationEssentials
import GRDB

/// The state of the server itself.
///
/// Not part of the `Store` seam: that one is about documents, which several daemons may one day share in one database,
/// while this is one process's own and belongs into a file of its machine, whatever store the documents are in.
extension SQLiteStore {
    /// Keeps a state until it is taken or saved again; what was kept before is replaced in the same transaction.
    package func save(_ state: ServerState, as key: ServerState.Key) async throws {
        try await self.write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO server_state (key, value, saved_at) VALUES (?, ?, ?)",
                arguments: [key.rawValue, Data(state.bytes), LedgerRow.milliseconds(state.savedAt)]
            )
        }
    }

    /// Reads a state that stays: one that was set and is true until it is set again.
    ///
    /// - Returns: Nil when nothing was saved.
    package func read(_ key: ServerState.Key) async throws -> ServerState? {
        try await self.read { db in
            let statement = "SELECT value, saved_at FROM server_state WHERE key = ?"
            guard let row = try Row.fetchOne(db, sql: statement, arguments: [key.rawValue]) else { return nil }
            var reader = RowReader(row)
            let value: Data = try reader.next()
            return ServerState(bytes: [UInt8](value), savedAt: LedgerRow.date(try reader.next()))
        }
    }

    /// Reads a state and forgets it, in one transaction.
    ///
    /// A state is true of one moment. Were it kept, a daemon that is killed later would start again with a state that
    /// knows nothing of what happened in between.
    ///
    /// - Returns: Nil when nothing was saved since it was taken last.
    package func take(_ key: ServerState.Key) async throws -> ServerState? {
        try await self.write { db in
            let statement = "DELETE FROM server_state WHERE key = ? RETURNING value, saved_at"
            guard let row = try Row.fetchOne(db, sql: statement, arguments: [key.rawValue]) else { return nil }
            var reader = RowReader(row)
            let value: Data = try reader.next()
            return ServerState(bytes: [UInt8](value), savedAt: LedgerRow.date(try reader.next()))
        }
    }
}
