import Ingest
import Testing

/// Rows in memory, for tests; may fail before the one with a number.
private struct SomeRows: TableRows {
    struct Lost: Error {}

    var rows: [TableRow]
    var failsAt: Int?

    func readEach(_ body: (TableRow) throws -> Void) throws {
        for (index, row) in self.rows.enumerated() {
            if index == self.failsAt { throw Lost() }
            try body(row)
        }
    }
}

extension Fixtures {
    /// A version of a document with one table of these rows.
    static func table(
        _ file: String,
        columns: [String] = ["city", "year"],
        rows: [[TableCell]],
        failsAt: Int? = nil
    ) -> DocumentVersion {
        var version = Self.version(file, texts: ["text of \(file)"])
        version.tables = DocumentTables(
            schemas: [TableSchema(columns: columns, rowCount: rows.count)],
            rows: SomeRows(rows: rows.map { TableRow(table: 0, cells: $0) }, failsAt: failsAt)
        )
        return version
    }

    /// A version with a table on each of two sheets.
    static func workbook(_ file: String) -> DocumentVersion {
        var version = Self.version(file, texts: ["text of \(file)"])
        version.tables = DocumentTables(
            schemas: [
                TableSchema(sheet: "Sales", columns: ["amount"], rowCount: 2),
                TableSchema(sheet: "\"Staff\"", columns: ["name", "present"], rowCount: 1),
            ],
            rows: SomeRows(rows: [
                TableRow(table: 0, cells: [.number(12)]),
                TableRow(table: 0, cells: [.number(-0.5)]),
                TableRow(table: 1, cells: [.text("Ada"), .boolean(true)]),
            ])
        )
        return version
    }
}

/// What replacing and removing must do with tables; how they are stored is each store's own.
@Suite("Store contract: tables")
struct StoreTableContract {
    @Test(arguments: StoreKind.allCases)
    func rowsThatCannotBeReadLeaveTheOldVersion(_ kind: StoreKind) async throws {
        try await kind.withStore { store async throws in
            let old = Fixtures.table("a", rows: [[.text("Oslo"), .number(1_952)]])
            _ = try await store.replace(with: old)
            var changed = Fixtures.table("a", rows: [[.text("Rome")], [.text("Athens")]], failsAt: 1)
            changed.chunks[0].text = "of other things"
            let new = changed
            await #expect(throws: SomeRows.Lost.self) { try await store.replace(with: new) }
            #expect(try await store.chunks(of: Fixtures.id("a"), from: 0, limit: 9) == old.chunks)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func documentWithTablesIsSwappedAndRemovedLikeAnyOther(_ kind: StoreKind) async throws {
        try await kind.withStore { store async throws in
            #expect(try await store.replace(with: Fixtures.workbook("a")).totals.counts == [1, 1])
            #expect(try await store.replace(with: Fixtures.table("a", rows: [])).totals.counts == [1, 1])
            let last = try await store.replace(with: Fixtures.version("a", texts: ["oak", "elm"]))
            #expect(last.totals.counts == [1, 2])
            #expect(try await store.remove(Fixtures.id("a"))?.chunks == 2)
            #expect(try await store.totals(of: Fixtures.pipeline).counts == [0, 0])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func sheetOfAChunkIsKept(_ kind: StoreKind) async throws {
        try await kind.withStore { store async throws in
            var version = Fixtures.version("a", texts: ["oak", "elm"])
            version.chunks[1].sheet = "Sales"
            _ = try await store.replace(with: version)
            #expect(try await store.chunks(of: Fixtures.id("a"), from: 0, limit: 9).map(\.sheet) == [nil, "Sales"])
            let hits = try await store.search(SearchQuery(text: "elm", vector: nil, limit: 5))
            #expect(hits.map(\.chunk.sheet) == ["Sales"])
        }
    }
}
