import Ingest
import Storage
import Testing

/// The rows as `docs/schema.md` promises them to other programs.
@Suite("Database schema: tables")
struct TableSchemaTests {
    private static let rows = """
        SELECT dataset_id || '|' || coalesce(sheet, '-') || '|' || row_data FROM document_rows ORDER BY id
        """
    private static let schemas = "SELECT coalesce(schema, 'none') FROM document_metadata ORDER BY id"

    private let directory: TemporaryDirectory
    private var path: String { self.directory.file("store.db") }

    init() throws { self.directory = try TemporaryDirectory() }

    @Test func rowsAreJSONWithTheirColumns() async throws {
        let store = try Fixtures.store(at: self.path)
        _ = try await store.replace(
            with: Fixtures.table(
                "a",
                rows: [
                    [.text("Oslo"), .number(1_952)],
                    [.text("a \"b\" \\ \u{1} \u{0}\n\té"), .empty],
                    [.boolean(false)],
                    [.text("x"), .number(0.1), .text("without a column")],
                    [],
                ]
            )
        )
        try await store.close()
        #expect(try await Raw.strings(self.path, Self.schemas) == [#"["city","year"]"#])
        #expect(
            try await Raw.strings(self.path, Self.rows) == [
                #"a|-|{"city":"Oslo","year":1952}"#,
                #"a|-|{"city":"a \"b\" \\ \u0001 �\n\té","year":null}"#,
                #"a|-|{"city":false}"#,
                #"a|-|{"city":"x","year":0.1}"#,
                "a|-|{}",
            ]
        )
        #expect(try await Raw.integer(self.path, "SELECT sum(row_data ->> '$.year') FROM document_rows") == 1_952)
    }

    @Test func sheetsAreToldApart() async throws {
        let store = try Fixtures.store(at: self.path)
        _ = try await store.replace(with: Fixtures.workbook("a"))
        _ = try await store.replace(with: Fixtures.version("b", texts: ["no table"]))
        try await store.close()
        let schema =
            #"[{"sheet":"Sales","columns":["amount"]},{"sheet":"\"Staff\"","columns":["name","present"]}]"#
        #expect(try await Raw.strings(self.path, Self.schemas) == [schema, "none"])
        #expect(
            try await Raw.strings(self.path, Self.rows) == [
                #"a|Sales|{"amount":12}"#, #"a|Sales|{"amount":-0.5}"#, #"a|"Staff"|{"name":"Ada","present":true}"#,
            ]
        )
    }

    @Test func rowsOfAnOldVersionGoWithIt() async throws {
        let store = try Fixtures.store(at: self.path)
        _ = try await store.replace(with: Fixtures.workbook("a"))
        _ = try await store.replace(with: Fixtures.workbook("b"))
        _ = try await store.replace(with: Fixtures.table("a", columns: ["n"], rows: [[.number(1)]]))
        let swapped = try await Raw.strings(self.path, "SELECT row_data FROM document_rows WHERE dataset_id = 'a'")
        #expect(swapped == [#"{"n":1}"#])
        _ = try await store.record(Fixtures.entry("a", state: .skipped(reason: "empty file")))
        #expect(try await Raw.integer(self.path, "SELECT count(*) FROM document_rows WHERE dataset_id = 'a'") == 0)
        _ = try await store.replace(with: Fixtures.version("a", texts: ["no table any more"]))
        let schemas = try await Raw.strings(self.path, Self.schemas)
        #expect(schemas.first == "none")
        _ = try await store.remove(Fixtures.id("b"))
        #expect(try await Raw.integer(self.path, "SELECT count(*) FROM document_rows") == 0)
        try await store.close()
        #expect(try await Raw.inconsistencies(self.path) == [])
    }
}
