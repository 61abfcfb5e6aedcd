import GRDB
import Ingest

/// Opens a database, and refuses those that this program cannot use before anything in them is changed.
struct StoreOpening {
    let path: String
    /// What makes the vectors; nil accepts whichever model the database was made with.
    let model: EmbeddingModel?
    let busyTimeout: Duration

    /// Creates or opens the database with the right to write, in the newest schema.
    ///
    /// - Returns: The database, the right to write to it, and the model of its vectors.
    func forWriting() throws(StoreError) -> (DatabasePool, WriterLock, EmbeddingModel) {
        if self.model == nil { try StoreFile.requireReadable(self.path) }
        try StoreFile.prepareForWriting(self.path)
        let lock = try WriterLock(database: self.path)
        let (pool, model) = try self.mappingErrors {
            try self.inspect()
            let pool = try DatabasePool(path: self.path, configuration: self.configuration(readonly: false))
            try Schema.migrate(pool)
            try self.takeDraftOver(pool)
            return (pool, try pool.write { db in try self.settleModel(db) })
        }
        return (pool, lock, model)
    }

    /// Opens the database for reading, whether or not another process has it open.
    func forReading() throws(StoreError) -> (DatabasePool, EmbeddingModel) {
        try StoreFile.requireReadable(self.path)
        return try self.mappingErrors {
            do {
                return try self.reader(at: self.path)
            } catch let error as DatabaseError where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode) {
                // Reading a write-ahead log needs files beside the database. Who may not make them can still read a
                // database that nobody has open: then there is no log.
                guard !StoreFile.exists("\(self.path)-wal") else { throw error }
                return try self.reader(at: self.immutableAddress)
            }
        }
    }

    private func reader(at address: String) throws -> (DatabasePool, EmbeddingModel) {
        let pool = try DatabasePool(path: address, configuration: self.configuration(readonly: true))
        return (pool, try pool.read { db in try self.requireCurrent(db) })
    }

    /// Sees that a database is in the newest schema and of the model that is asked for.
    private func requireCurrent(_ db: Database) throws -> EmbeddingModel {
        switch try Schema.condition(of: db) {
        case .empty, .version(0): throw StoreError.missing(path: self.path)
        case .foreign: throw StoreError.foreign(path: self.path)
        case .version(let found) where found < Schema.version:
            throw StoreError.olderSchema(path: self.path, found: found, needed: Schema.version)
        case .version(let found) where found > Schema.version:
            throw StoreError.newerSchema(path: self.path, found: found, supported: Schema.version)
        case .version: break
        }
        guard let stored = try ModelRecord.current(in: db) else { throw StoreError.missing(path: self.path) }
        try self.requireModel(stored)
        return stored
    }

    /// Looks at the file by a connection that changes nothing, not even the journal mode.
    private func inspect() throws {
        let queue = try DatabaseQueue(path: self.path, configuration: self.configuration(readonly: false))
        switch try queue.read(Schema.condition) {
        case .foreign: throw StoreError.foreign(path: self.path)
        case .version(let found) where found > Schema.version:
            throw StoreError.newerSchema(path: self.path, found: found, supported: Schema.version)
        case .empty, .version: break
        }
        try queue.close()
    }

    private func configuration(readonly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.label = "store"
        configuration.readonly = readonly
        configuration.busyMode = .timeout(self.busyTimeout / .seconds(1))
        // Searches are bound by the processor; more at once would only take more memory.
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA cache_size = -8192")
            guard !db.configuration.readonly else { return }
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
            // A log that one huge document made long is cut again.
            _ = try Row.fetchAll(db, sql: "PRAGMA journal_size_limit = 67108864")
        }
        return configuration
    }

    /// Changes to the model that is asked for, if its vectors are ready.
    private func takeDraftOver(_ pool: DatabasePool) throws {
        // Asked of the writer: a reader that closes last would leave the log behind.
        guard let model, let stored = try pool.write({ db in try ModelRecord.current(in: db) }) else { return }
        if !stored.isComparable(with: model) {
            guard VectorDraft.isFinished(for: model, database: self.path) else { return }
            let change = ModelSwitch(draft: VectorDraft.path(of: self.path), model: model)
            guard try change.apply(to: pool) else { return }
        }
        // A draft of this model is of no use any more; one of another may be in work.
        VectorDraft.delete(of: model, database: self.path)
    }

    /// Writes down the model of a new database, or a revision that was not known before.
    private func settleModel(_ db: Database) throws -> EmbeddingModel {
        guard let stored = try ModelRecord.current(in: db) else {
            guard let model else { throw StoreError.missing(path: self.path) }
            try ModelRecord.replace(with: model, in: db)
            return model
        }
        try self.requireModel(stored)
        guard let model, stored.revision.isEmpty, !model.revision.isEmpty else { return stored }
        try ModelRecord.replace(with: model, in: db)
        return model
    }

    private func requireModel(_ stored: EmbeddingModel) throws(StoreError) {
        guard let model, !stored.isComparable(with: model) else { return }
        throw .otherModel(path: self.path, stored: stored, configured: model)
    }

    private func mappingErrors<Value>(_ body: () throws -> Value) throws(StoreError) -> Value {
        do {
            return try body()
        } catch {
            guard let error = StoreError.mapping(error, path: self.path) as? StoreError else {
                throw .cannotOpen(path: self.path, reason: "an error of type \(type(of: error))")
            }
            throw error
        }
    }

    /// The database as a file that nobody changes, for which SQLite makes no files beside it.
    private var immutableAddress: String {
        let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
        let encoded = self.path.utf8.map { byte in
            if unreserved.contains(byte) { return String(UnicodeScalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.count == 1 ? "%0\(digits)" : "%\(digits)"
        }
        return "file:\(encoded.joined())?immutable=1"
    }
}
