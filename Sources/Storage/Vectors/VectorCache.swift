import GRDB
import Synchronization

/// The vectors of the database in memory, as far as some transaction saw them; read when first needed.
///
/// Before every use it catches up: blocks and removals are numbered in the order of their transactions, so only
/// what is above the last numbers is read, whichever process wrote it.
final class VectorCache: Sendable {
    private struct Contents {
        var matrix: VectorMatrix
        /// The highest `first_chunk` read.
        var lastBlock = Int64.min
        /// The highest `vector_removals.seq` applied; nil before the first read.
        var lastRemoval: Int64?
    }

    private let dimensions: Int
    private let contents: Mutex<Contents>

    init(dimensions: Int) {
        self.dimensions = dimensions
        self.contents = Mutex(Contents(matrix: VectorMatrix(dimensions: dimensions)))
    }

    /// Runs a body on all vectors that this transaction sees.
    ///
    /// Another reader with a newer transaction may have been here first: the body may miss what was removed since,
    /// and meet chunks that this transaction does not know.
    func withMatrix<Value: Sendable>(_ db: Database, _ body: (VectorMatrix) throws -> Value) throws -> Value {
        try self.contents.withLock { contents in
            try self.catchUp(&contents, db)
            return try body(contents.matrix)
        }
    }

    private func catchUp(_ contents: inout Contents, _ db: Database) throws {
        if let lastRemoval = contents.lastRemoval {
            let removals = try self.removals(after: lastRemoval, db)
            // Numbers are given without gaps and the oldest are dropped: a gap means that some were missed.
            guard removals.first.map({ $0.seq == lastRemoval + 1 }) ?? true else {
                return try self.load(&contents, db)
            }
            for removal in removals {
                contents.matrix.remove(removal.chunks)
                contents.lastRemoval = removal.seq
            }
            try self.readBlocks(into: &contents, db)
        } else {
            try self.load(&contents, db)
        }
    }

    private func load(_ contents: inout Contents, _ db: Database) throws {
        var fresh = Contents(matrix: VectorMatrix(dimensions: self.dimensions))
        let bytes = try Int.fetchOne(db, sql: "SELECT coalesce(sum(length(codes)), 0) FROM vector_blocks") ?? 0
        fresh.matrix.reserve(bytes / max(1, self.dimensions))
        try self.readBlocks(into: &fresh, db)
        fresh.lastRemoval = try Int64.fetchOne(db, sql: "SELECT coalesce(max(seq), 0) FROM vector_removals") ?? 0
        contents = fresh
    }

    private func readBlocks(into contents: inout Contents, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                SELECT first_chunk, count, pipeline, scales, codes FROM vector_blocks
                WHERE first_chunk > ? ORDER BY first_chunk
                """
        )
        let rows = try Row.fetchCursor(statement, arguments: [contents.lastBlock])
        while let row = try rows.next() {
            var reader = RowReader(row)
            guard
                let block = VectorBlock(
                    firstChunk: try reader.next(),
                    count: try reader.next(),
                    pipeline: try reader.next(),
                    scales: try reader.next(),
                    codes: try reader.next(),
                    dimensions: self.dimensions
                )
            else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
            guard block.firstChunk > contents.matrix.lastChunk else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
            contents.matrix.append(block)
            contents.lastBlock = block.firstChunk
        }
    }

    private func removals(after seq: Int64, _ db: Database) throws -> [(seq: Int64, chunks: Range<Int64>)] {
        let statement = try db.cachedStatement(
            sql: "SELECT seq, first_chunk, count FROM vector_removals WHERE seq > ? ORDER BY seq"
        )
        return try Row.fetchAll(statement, arguments: [seq]).map { row in
            var reader = RowReader(row)
            let seq: Int64 = try reader.next()
            let first: Int64 = try reader.next()
            let count: Int64 = try reader.next()
            guard (1...VectorBlock.highestChunk).contains(first), (1...Int64(VectorBlock.capacity)).contains(count)
            else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT)
            }
            return (seq, first..<(first + count))
        }
    }
}
