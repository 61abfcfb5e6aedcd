import FoundationEssentials
import Ingest
import Processing
import SystemPackage
import Testing

/// The rows of a document's tables, to compare with.
func rows(_ text: ExtractedText) throws -> [TableRow] {
    var rows: [TableRow] = []
    try text.tables?.rows.readEach { rows.append($0) }
    return rows
}

/// Tables as a child reports them, by a script in its place that writes frames.
@Suite("Tables of a child process", .timeLimit(.minutes(5)))
struct TableFrameTests {
    private static func frame(_ tag: String, _ content: some Collection<UInt8>) -> [UInt8] {
        let length = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: content.count >> $0) }
        return Array(tag.utf8) + length + content
    }

    /// Cells of texts shorter than 32 bytes; nil is an empty one.
    private static func cells(_ texts: [String?]) -> [UInt8] {
        texts.flatMap { text in text.map { [UInt8($0.utf8.count << 2)] + Array($0.utf8) } ?? [2] }
    }

    private static func extract(
        _ frames: [[UInt8]],
        limits: ExtractionLimits = ExtractionLimits(),
        directory: String? = nil
    ) async throws -> ExtractedText {
        let scratch = try Scratch()
        let output = try scratch.file("output", frames.joined()).filePath
        let extractor = FileExtractor(
            program: try scratch.script("child", "exec cat '\(output)'"),
            temporaryDirectory: directory ?? scratch.path,
            limits: limits
        )
        return try await extractor.extract(try scratch.file("a.html", "x"), mediaType: "text/html")
    }

    private static let end = Self.frame("E", [])

    @Test func tablesComeWithTheirTextAndRows() async throws {
        let text = try await Self.extract([
            Self.frame("P", "before".utf8), Self.frame("S", "Sales".utf8),
            Self.frame("H", Self.cells(["city", "city", nil, "city_2"])),
            Self.frame("R", Self.cells(["Oslo", nil, "x"])),
            Self.frame("R", Self.cells(["Rome", "a", "b", "c", "d"])),
            Self.frame("H", Self.cells([nil])),
            Self.frame("R", [1] + (0..<8).map { UInt8(truncatingIfNeeded: (1.5).bitPattern >> ($0 * 8)) } + [6, 10]),
            Self.frame("S", []), Self.frame("G", "3".utf8), Self.frame("P", "after".utf8), Self.end,
        ])
        #expect(
            shown(text) == [
                "P before",
                "C#Sales city | city | city_2⏎city: Oslo | x⏎city: Rome | city: a | b | city_2: c | d",
                "C#Sales 1.5 | false | true", "P@3 after",
            ]
        )
        #expect(
            text.tables?.schemas == [
                TableSchema(
                    sheet: "Sales", columns: ["city", "city_2", "column_3", "city_2_2", "column_5"], rowCount: 2),
                TableSchema(sheet: "Sales", columns: ["column_1", "column_2", "column_3"], rowCount: 1),
            ]
        )
        let expected = [
            TableRow(table: 0, cells: [.text("Oslo"), .empty, .text("x")]),
            TableRow(table: 0, cells: ["Rome", "a", "b", "c", "d"].map { .text($0) }),
            TableRow(table: 1, cells: [.number(1.5), .boolean(false), .boolean(true)]),
        ]
        #expect(try rows(text) == expected)
        #expect(try rows(text) == expected, "rows can be read again")
    }

    @Test func onlyTheFirstRowsBecomeText() async throws {
        let table = [Self.frame("H", Self.cells(["n"]))] + (0..<50).map { Self.frame("R", Self.cells(["\($0)"])) }
        let few = try await Self.extract(table + [Self.end], limits: ExtractionLimits(rowsAsText: 2))
        #expect(shown(few) == ["C n⏎n: 0⏎n: 1"])
        let short = try await Self.extract(table + [Self.end], limits: ExtractionLimits(tableTextBytes: 12))
        #expect(shown(short) == ["C n⏎n: 0⏎n: 1"])
        #expect(try rows(few).count == 50)
        #expect(try rows(short) == rows(few))
    }

    static let broken: [(String, [[UInt8]])] = [
        ("row without a table", [Self.frame("R", Self.cells(["a"]))]),
        ("text longer than the row", [Self.frame("H", []), Self.frame("R", [0xFC])]),
        ("length without an end", [Self.frame("H", []), Self.frame("R", [0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F])]),
        ("half a number", [Self.frame("H", []), Self.frame("R", [1, 0, 0])]),
        ("number that is none", [Self.frame("H", []), Self.frame("R", [1, 0, 0, 0, 0, 0, 0, 0xF8, 0x7F])]),
        ("unknown kind", [Self.frame("H", []), Self.frame("R", [3])]),
        ("unknown value", [Self.frame("H", []), Self.frame("R", [2 | 3 << 2])]),
        ("header that is none", [Self.frame("H", [3])]),
        ("no end", [Self.frame("H", []), Self.frame("R", [2])]),
    ]

    @Test(arguments: Self.broken)
    func childThatWritesNonsenseHasCrashed(_ name: String, _ frames: [[UInt8]]) async throws {
        let frames = name == "no end" ? frames : frames + [Self.end]
        await #expect(throws: ExtractionError.crashed(.html)) {
            try await Self.extract([Self.frame("P", "text".utf8)] + frames)
        }
    }

    @Test func tablesAreBounded() async throws {
        let wide = [Self.frame("H", Self.cells(["a"])), Self.frame("R", [2, 2, 2]), Self.end]
        await #expect(throws: ExtractionError.tooManyColumns(limit: 2)) {
            try await Self.extract(wide, limits: ExtractionLimits(columns: 2))
        }
        let rows = (0..<9).map { _ in Self.frame("R", Self.cells(["0123456789"])) }
        let long = [Self.frame("H", Self.cells(["a name that every row repeats"]))] + rows + [Self.end]
        await #expect(throws: ExtractionError.tooMuchText(limit: 300)) {
            try await Self.extract(long, limits: ExtractionLimits(tableBytes: 300))
        }
        let one = [Self.frame("H", Self.cells(["a"])), Self.frame("R", Self.cells(["b"])), Self.end]
        await #expect(throws: ExtractionError.noTemporaryFile(directory: "/nonexistent", code: .noSuchFileOrDirectory))
        {
            try await Self.extract(one, directory: "/nonexistent")
        }
    }
}
