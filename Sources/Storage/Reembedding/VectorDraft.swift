package import FoundationEssentials
import GRDB
import Glibc
package import Ingest
import Synchronization

/// The vectors of another model, made beside a database that goes on with its own: one for each different text.
///
/// A file of its own next to the database, so that the daemon may write to that meanwhile. What was added stays, also
/// when the process is killed: who opens it again goes on from there. Drafts of other models are thrown away.
package final class VectorDraft: Sendable {
    /// Changed with every change of the tables; a draft of another version begins anew.
    private static let version = 2

    /// Where the draft of a database is.
    package static func path(of database: String) -> String { "\(database).reembed" }

    let path: String
    package let model: EmbeddingModel
    private let queue: DatabaseQueue
    private let lock: Mutex<WriterLock?>

    /// Opens the draft or begins one; blocks.
    ///
    /// - Parameters:
    ///   - database: The database that it is for.
    ///   - model: What makes the vectors.
    /// - Throws: `StoreError`; `.inUse` when another process works on it.
    package init(database: String, model: EmbeddingModel) throws(StoreError) {
        let path = Self.path(of: database)
        self.path = path
        self.model = model
        try StoreFile.prepareForWriting(path)
        self.lock = Mutex(try WriterLock(database: path))
        if Self.contents(at: path)?.model != model { try Self.begin(at: path, model: model) }
        do {
            self.queue = try DatabaseQueue(path: path)
        } catch {
            throw Self.mapped(error, path)
        }
    }

    /// Which of these texts, by their hashes, have no vector yet.
    package func lacking(_ hashes: [Data]) async throws -> Set<Data> {
        try await self.access { db in
            let statement = try db.cachedStatement(sql: "SELECT 1 FROM vectors WHERE text_hash = ?")
            return try Set(hashes).filter { try Int.fetchOne(statement, arguments: [$0]) == nil }
        }
    }

    /// Adds vectors in one transaction.
    package func add(_ vectors: [(hash: Data, vector: [Float])]) async throws {
        try await self.access { db in
            let statement = try db.cachedStatement(
                sql: "INSERT OR REPLACE INTO vectors (text_hash, embedding) VALUES (?, ?)")
            for (hash, vector) in vectors {
                guard vector.count == self.model.dimensions, vector.allSatisfy(\.isFinite) else {
                    throw StoreError.unusableVectors(reason: "a vector that is not of '\(self.model.name)'")
                }
                try statement.execute(arguments: [hash, VectorCoding.encode(vector)])
            }
        }
    }

    /// Notes that nothing is lacking now: the next start of the daemon may take the vectors over.
    package func markFinished() async throws {
        try await self.access { db in try db.execute(sql: "UPDATE draft SET is_finished = 1") }
    }

    /// Ends the work on it; the file stays.
    package func close() {
        try? self.queue.close()
        self.lock.withLock { $0 = nil }
    }

    private func access<Value: Sendable>(_ body: @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await self.queue.write(body)
        } catch {
            throw StoreError.mapping(error, path: self.path)
        }
    }
}

extension VectorDraft {
    /// Whether the vectors of a model are ready to be taken over.
    package static func isFinished(for model: EmbeddingModel, database: String) -> Bool {
        let found = Self.contents(at: Self.path(of: database))
        return found?.model == model && found?.isFinished == true
    }

    /// Deletes the draft of a database if it is one of this model.
    package static func delete(of model: EmbeddingModel, database: String) {
        guard Self.contents(at: Self.path(of: database))?.model == model else { return }
        for suffix in ["", "-journal", ".lock"] { unlink(Self.path(of: database) + suffix) }
    }

    /// What a file says of itself; nil when there is none, or it is none of ours.
    private static func contents(at path: String) -> (model: EmbeddingModel, isFinished: Bool)? {
        guard StoreFile.exists(path) else { return nil }
        var configuration = Configuration()
        configuration.readonly = true
        guard let queue = try? DatabaseQueue(path: path, configuration: configuration) else { return nil }
        defer { try? queue.close() }
        let found = try? queue.read { db -> (EmbeddingModel, Bool)? in
            guard try Int.fetchOne(db, sql: "PRAGMA user_version") == Self.version else { return nil }
            let sql = "SELECT \(EmbeddingModel.columns), is_finished FROM draft"
            return try Row.fetchOne(db, sql: sql).map { row in
                var reader = RowReader(row)
                return (try EmbeddingModel(from: &reader), try reader.next())
            }
        }
        return found.flatMap { $0 }.map { (model: $0.0, isFinished: $0.1) }
    }

    /// Makes an empty draft in place of whatever is there.
    private static func begin(at path: String, model: EmbeddingModel) throws(StoreError) {
        for file in [path, path + "-journal"] { unlink(file) }
        try StoreFile.prepareForWriting(path)
        do {
            let queue = try DatabaseQueue(path: path)
            try queue.write { db in
                try db.execute(
                    sql: """
                        CREATE TABLE draft (
                            id INTEGER PRIMARY KEY CHECK (id = 1), provider TEXT NOT NULL, name TEXT NOT NULL,
                            dimensions INTEGER NOT NULL, revision TEXT NOT NULL, passage_prefix TEXT NOT NULL,
                            is_finished INTEGER NOT NULL DEFAULT 0
                        ) STRICT;
                        CREATE TABLE vectors (text_hash BLOB PRIMARY KEY, embedding BLOB NOT NULL)
                            STRICT, WITHOUT ROWID;
                        PRAGMA user_version = \(Self.version);
                        """
                )
                try db.execute(
                    sql: "INSERT INTO draft (id, \(EmbeddingModel.columns)) VALUES (1, ?, ?, ?, ?, ?)",
                    arguments: model.columnValues
                )
            }
            try queue.close()
        } catch {
            throw Self.mapped(error, path)
        }
    }

    private static func mapped(_ error: any Error, _ path: String) -> StoreError {
        StoreError.mapping(error, path: path) as? StoreError
            ?? .cannotOpen(path: path, reason: "an error of type \(type(of: error))")
    }
}
