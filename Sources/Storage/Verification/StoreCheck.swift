import FoundationEssentials
import GRDB
import Ingest

/// Compares the tables of a database with each other, within one transaction that reads only.
///
/// Rows come one by one: memory does not grow with the database.
struct StoreCheck {
    let db: Database
    let dimensions: Int
    private(set) var findings = StoreFindings()
    /// The documents that only their files can mend.
    private(set) var broken: Set<DocumentID> = []

    init(_ db: Database, dimensions: Int) {
        self.db = db
        self.dimensions = dimensions
    }

    /// What costs little for each row: structure, counts, and which rows belong together.
    mutating func compareTables() throws {
        for text in try String.fetchAll(self.db, sql: "PRAGMA quick_check(20)") where text != "ok" {
            self.findings.add(StoreFault(.damaged, detail: text))
        }
        for (table, condition) in StoreRepair.orphans {
            let count = try Int.fetchOne(self.db, sql: "SELECT count(*) FROM \(table) WHERE \(condition)") ?? 0
            guard count > 0 else { continue }
            self.findings.add(StoreFault(.orphan, detail: "\(count.counted("row")) of '\(table)' without a document"))
        }
        for (kind, sql) in Self.documentQueries(dimensions: self.dimensions) { try self.collect(kind, sql) }
        try self.compareFullTextRows()
        for (name, column, count) in StoreRepair.totals { try self.compareTotals(name, column, count) }
    }

    /// What reads every passage and every vector.
    mutating func compareContents() throws {
        for text in try String.fetchAll(self.db, sql: "PRAGMA integrity_check(20)") where text != "ok" {
            self.findings.add(StoreFault(.damaged, detail: text))
        }
        try self.comparePassages()
        try self.compareBlocks()
    }

    /// Compares every word of the full-text index; needs the right to write, and writes nothing.
    mutating func compareFullText() throws {
        do {
            try self.db.execute(sql: "INSERT INTO documents_fts (documents_fts, rank) VALUES ('integrity-check', 1)")
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            self.findings.add(StoreFault(.fullTextIndex, detail: "its words are not those of the passages"))
        }
        self.findings.comparedFullText = true
    }

    private mutating func add(_ fault: StoreFault) {
        self.findings.add(fault)
        guard let document = fault.document, StoreFault.Kind.mendedByTheirFiles.contains(fault.kind) else { return }
        self.broken.insert(document)
    }

    private mutating func collect(_ kind: StoreFault.Kind, _ sql: String) throws {
        let rows = try Row.fetchCursor(self.db, sql: sql)
        while let row = try rows.next() {
            var reader = RowReader(row)
            let document = DocumentID(pipeline: PipelineID(try reader.next()), file: try reader.next())
            let path: String = try reader.next()
            self.add(StoreFault(kind, document: document, path: path, detail: try reader.next()))
        }
    }

    /// Which passages are in the index: FTS5 keeps a row of its own for each.
    private mutating func compareFullTextRows() throws {
        let missing = "SELECT count(*) FROM documents WHERE id NOT IN (SELECT id FROM documents_fts_docsize)"
        let surplus = "SELECT count(*) FROM documents_fts_docsize WHERE id NOT IN (SELECT id FROM documents)"
        for (sql, what) in [(missing, "passages are not in it"), (surplus, "of its passages are not there")] {
            let count = try Int.fetchOne(self.db, sql: sql) ?? 0
            if count > 0 { self.findings.add(StoreFault(.fullTextIndex, detail: "\(count) \(what)")) }
        }
    }

    private mutating func compareTotals(_ name: String, _ column: String, _ count: String) throws {
        let rows = try Row.fetchAll(
            self.db,
            sql: "SELECT pipeline_id, \(column), \(count) FROM pipeline_state AS pipeline WHERE \(column) <> \(count)"
        )
        for row in rows {
            var reader = RowReader(row)
            let pipeline: String = try reader.next()
            let (said, found): (Int, Int) = (try reader.next(), try reader.next())
            let detail = "pipeline '\(pipeline)' counts \(said) \(name), and there are \(found)"
            self.findings.add(StoreFault(.totals, detail: detail))
        }
    }
}

extension StoreCheck {
    /// Each passage: its hash, and its vector.
    mutating func comparePassages() throws {
        let rows = try Row.fetchCursor(
            self.db,
            sql: """
                SELECT ledger.pipeline_id, ledger.file_id, ledger.path, content, text_hash, embedding
                FROM documents JOIN ledger ON ledger.id = ledger_id
                """
        )
        while let row = try rows.next() {
            var reader = RowReader(row)
            let document = DocumentID(pipeline: PipelineID(try reader.next()), file: try reader.next())
            let path: String = try reader.next()
            let (content, hash): (String, Data) = (try reader.next(), try reader.next())
            // The hash is of the text with its U+0000, for which the database has U+FFFD.
            if TextHash.of(content) != hash, !content.unicodeScalars.contains("\u{FFFD}") {
                self.add(
                    StoreFault(.textHash, document: document, path: path, detail: "a passage is not what was stored")
                )
            }
            let vector = VectorCoding.decode(try reader.next(), dimensions: self.dimensions)
            guard vector?.allSatisfy(\.isFinite) != true else { continue }
            self.add(
                StoreFault(.vectorMissing, document: document, path: path, detail: "a vector cannot be read")
            )
        }
    }

    /// Each block of the vectors for scanning against the vectors of its passages.
    private mutating func compareBlocks() throws {
        let blocks = try Row.fetchCursor(
            self.db,
            sql: """
                SELECT ledger.pipeline_id, ledger.file_id, ledger.path, first_chunk, count, pipeline, scales, codes
                FROM vector_blocks JOIN ledger ON ledger.id = ledger_id
                """
        )
        while let row = try blocks.next() {
            var reader = RowReader(row)
            let document = DocumentID(pipeline: PipelineID(try reader.next()), file: try reader.next())
            let path: String = try reader.next()
            let first: Int64 = try reader.next()
            let block = VectorBlock(
                firstChunk: first,
                count: try reader.next(),
                pipeline: try reader.next(),
                scales: try reader.next(),
                codes: try reader.next(),
                dimensions: self.dimensions
            )
            guard let block, try self.expected(of: block) == block else {
                self.add(
                    StoreFault(
                        .vectorIndex, document: document, path: path,
                        detail: "the block at passage \(first) is not made of its vectors"
                    )
                )
                continue
            }
        }
    }

    private func expected(of block: VectorBlock) throws -> VectorBlock? {
        let statement = try self.db.cachedStatement(
            sql: "SELECT embedding FROM documents WHERE id >= ? AND id < ? ORDER BY id"
        )
        let end = block.firstChunk + Int64(block.scales.count)
        let embeddings = try Data.fetchAll(statement, arguments: [block.firstChunk, end])
        guard embeddings.count == block.scales.count else { return nil }
        let vectors = embeddings.compactMap { VectorCoding.decode($0, dimensions: self.dimensions) }
        // A vector that cannot be read was said of its passage; what the block should be, nobody knows.
        guard vectors.count == embeddings.count, vectors.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { return block }
        return VectorBlock(firstChunk: block.firstChunk, pipeline: block.pipeline, vectors: vectors[...])
    }
}

extension StoreCheck {
    private static let file = "ledger.pipeline_id, ledger.file_id, ledger.path"
    /// How many passages a file has, and how many of its blocks' vectors.
    private static let passages = "(SELECT count(*) FROM documents WHERE documents.ledger_id = ledger.id)"
    private static let packed =
        "(SELECT coalesce(sum(count), 0) FROM vector_blocks WHERE vector_blocks.ledger_id = ledger.id)"
    /// Passages that no block covers.
    private static let uncovered = """
        (SELECT count(*) FROM documents WHERE documents.ledger_id = ledger.id AND NOT EXISTS (
            SELECT 1 FROM vector_blocks WHERE vector_blocks.ledger_id = ledger.id
                AND documents.id >= first_chunk AND documents.id < first_chunk + count))
        """

    /// Each answers the files of which it is so, with what exactly.
    private static func documentQueries(dimensions: Int) -> [(StoreFault.Kind, String)] {
        Self.documentQueries + [
            (
                .vectorMissing,
                """
                SELECT \(Self.file), 'a vector has ' || length(embedding) || ' bytes'
                FROM documents JOIN ledger ON ledger.id = ledger_id WHERE length(embedding) <> \(dimensions * 4)
                """
            )
        ]
    }

    private static let documentQueries: [(StoreFault.Kind, String)] = [
        (
            .documentMissing,
            """
            SELECT \(file), 'there is no document' FROM ledger
            WHERE state = 'stored' AND id NOT IN (SELECT ledger_id FROM document_metadata)
            """
        ),
        (
            .documentUnexpected,
            """
            SELECT \(file), 'there is a document' FROM ledger
            WHERE state = 'skipped' AND id IN (SELECT ledger_id FROM document_metadata)
            """
        ),
        (
            .chunksWrong,
            """
            SELECT \(file), \(passages) || ' passages where ' || chunk_count || ' belong'
            FROM ledger JOIN document_metadata ON ledger_id = ledger.id
            WHERE chunk_count <> \(passages) OR state = 'stored' AND chunks_created <> chunk_count
                OR chunk_count <> (
                    SELECT count(DISTINCT metadata ->> 'chunk_index') FROM documents
                    WHERE documents.ledger_id = ledger.id
                        AND CAST(metadata ->> 'chunk_index' AS INTEGER) BETWEEN 0 AND chunk_count - 1)
            """
        ),
        (
            .vectorIndex,
            """
            SELECT \(file), \(packed) || ' vectors for scanning where ' || \(passages) || ' passages are'
            FROM ledger JOIN document_metadata ON ledger_id = ledger.id
            WHERE \(packed) <> \(passages) OR \(uncovered) > 0
            """
        ),
    ]
}
