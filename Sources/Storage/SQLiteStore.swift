import GRDB
package import Ingest
package import Logging
import Synchronization

/// The store in one SQLite file, with full text by FTS5 and an exact scan over all vectors.
///
/// One process writes, any number read at the same time (write-ahead log). Commits are atomic, also when the process is
/// killed or the power fails: a document is wholly old or wholly new. The last commits before a loss of power may be
/// missing (`synchronous = NORMAL`); as ledger and cursor go with the document in one transaction, what is missing is
/// simply done again. Database work runs on GRDB's queues, never on the threads of the caller.
package final class SQLiteStore: Store {
    package enum Access: Sendable {
        /// Creates the file when it is missing, migrates it, keeps other writers out.
        case readWrite
        /// Changes nothing; works while another process writes.
        case readOnly
    }

    /// The version of the tables that this program reads and writes.
    package static let schemaVersion = Schema.version

    let path: String
    package let model: EmbeddingModel
    let vectorCache: VectorCache
    private let pool: DatabasePool
    private let lock: Mutex<WriterLock?>

    /// Opens the database; blocks for as long as that takes.
    ///
    /// - Parameters:
    ///   - path: The database file; directories above it are made as needed.
    ///   - model: What makes the vectors; another one than the database's is refused. Nil takes the database's.
    ///   - access: Whether to write.
    ///   - busyTimeout: How long to wait for another program's lock.
    ///   - logger: Told what was opened.
    /// - Throws: Why it cannot be used, and what to do.
    package init(
        path: String,
        model: EmbeddingModel?,
        access: Access = .readWrite,
        busyTimeout: Duration = .seconds(5),
        logger: Logger
    ) throws(StoreError) {
        let opening = StoreOpening(path: path, model: model, busyTimeout: busyTimeout)
        switch access {
        case .readWrite:
            let (pool, lock, stored) = try opening.forWriting()
            (self.pool, self.model) = (pool, stored)
            self.lock = Mutex(lock)
        case .readOnly:
            (self.pool, self.model) = try opening.forReading()
            self.lock = Mutex(nil)
        }
        self.path = path
        self.vectorCache = VectorCache(dimensions: self.model.dimensions)
        logger.info(
            "Opened the database.",
            metadata: ["path": "\(path)", "schema": "\(Schema.version)", "access": "\(access)"]
        )
    }

    /// Waits for work in hand, writes everything into the one file and lets other processes write.
    ///
    /// Whatever is asked for afterwards ends in `StoreError.closed`.
    package func close() async throws {
        let isWriter = self.lock.withLock { $0 != nil }
        if isWriter {
            // Closing would do it too, but on the thread of the caller. Readers elsewhere may keep it from finishing.
            _ = try? await self.pool.barrierWriteWithoutTransaction { db in
                try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
        }
        do {
            try self.pool.close()
        } catch {
            throw StoreError.mapping(error, path: self.path)
        }
        if isWriter { self.removeLog() }
        self.lock.withLock { $0 = nil }
    }

    /// Has SQLite delete the empty log, so that those can read the database who may not make files beside it.
    ///
    /// That is for the last connection to do; of the pool's, that is one that may not write.
    private func removeLog() {
        do {
            let last = try DatabaseQueue(path: self.path)
            // Only a connection that has used the log deletes it.
            _ = try last.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") }
            try last.close()
        } catch {
            // Another process reads it: it stays, and does no harm.
        }
    }

    /// Runs a body on one consistent state of the database.
    func read<Value: Sendable>(_ body: @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await self.pool.read(body)
        } catch {
            throw StoreError.mapping(error, path: self.path)
        }
    }

    /// Runs a body in a transaction, which is undone when it throws.
    func write<Value: Sendable>(_ body: @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await self.pool.write(body)
        } catch {
            throw StoreError.mapping(error, path: self.path)
        }
    }
}
