import Ingest
import Processing
import Testing

@Suite("Extraction of delimited values", .timeLimit(.minutes(5)))
struct CSVExtractionTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        let csv: String
        let columns: [String]
        /// Texts of the cells; nil is an empty one.
        let rows: [[String?]]
        var testDescription: String { self.name }
    }

    static let cases = [
        Case(name: "commas", csv: "city,year\nOslo,52\n", columns: ["city", "year"], rows: [["Oslo", "52"]]),
        Case(name: "no end of line", csv: "a,b\r\n1,2", columns: ["a", "b"], rows: [["1", "2"]]),
        Case(name: "lines of old", csv: "a,b\r1,2\r3,4\r", columns: ["a", "b"], rows: [["1", "2"], ["3", "4"]]),
        Case(
            name: "semicolons with decimal commas", csv: "Ort;Preis\nBonn;1,50\nKöln;2,75\nTrier;3,20\n",
            columns: ["Ort", "Preis"], rows: [["Bonn", "1,50"], ["Köln", "2,75"], ["Trier", "3,20"]]),
        Case(name: "tabs", csv: "a\tb, c\n1\tx, y\n", columns: ["a", "b, c"], rows: [["1", "x, y"]]),
        Case(name: "bars", csv: "a|b\n1|2\n", columns: ["a", "b"], rows: [["1", "2"]]),
        Case(name: "declared delimiter", csv: "sep=;\r\na;b\r\n1;2,2\r\n", columns: ["a", "b"], rows: [["1", "2,2"]]),
        Case(
            name: "quoted newlines, delimiters and quotes",
            csv: "note,n\n\"first\nsecond\",1\n\"a, b\",2\n\"say \"\"yes\"\"\",3\n", columns: ["note", "n"],
            rows: [["first\nsecond", "1"], ["a, b", "2"], ["say \"yes\"", "3"]]),
        Case(
            name: "quotes that are none", csv: "size,n\n5\" pipe,1\n\"a \"b\" c\",2\n\"x\" ,3\n",
            columns: ["size", "n"],
            rows: [["5\" pipe", "1"], ["a \"b\" c", "2"], ["x", "3"]]),
        Case(name: "single quotes", csv: "'a','b'\n'1, 1','2'\n", columns: ["a", "b"], rows: [["1, 1", "2"]]),
        Case(
            name: "duplicate and empty headers", csv: "name,name,,name_2\na,b,c,d\n",
            columns: ["name", "name_2", "column_3", "name_2_2"], rows: [["a", "b", "c", "d"]]),
        Case(
            name: "ragged rows and empty lines", csv: "a,b\n1\n\n , \n1,2,3\n,x\n", columns: ["a", "b", "column_3"],
            rows: [["1"], ["1", "2", "3"], [nil, "x"]]),
        Case(
            name: "no header", csv: "Oslo,1952\nRome,1960\n", columns: ["column_1", "column_2"],
            rows: [["Oslo", "1952"], ["Rome", "1960"]]),
        Case(
            name: "years as headers", csv: "country,2019,2020\nItaly,1.5,2\n", columns: ["country", "2019", "2020"],
            rows: [["Italy", "1.5", "2"]]),
        Case(name: "one column", csv: "name\nAda\nGrace\n", columns: ["name"], rows: [["Ada"], ["Grace"]]),
        Case(name: "leading zeros", csv: "zip,n\n00501,1\n", columns: ["zip", "n"], rows: [["00501", "1"]]),
    ]

    private static let extractor = FileExtractor(program: Scratch.program)

    private static func cells(_ row: TableRow) -> [String?] {
        row.cells.map { cell in if case .text(let text) = cell { text } else { nil } }
    }

    @Test(arguments: Self.cases)
    func rowsAreRead(_ example: Case) async throws {
        let scratch = try Scratch()
        let content = try scratch.file("a.csv", example.csv)
        let text = try await Self.extractor.extract(content, mediaType: "text/csv")
        #expect(text.tables?.schemas == [TableSchema(columns: example.columns, rowCount: example.rows.count)])
        #expect(try rows(text).map(Self.cells) == example.rows)
    }

    @Test func everyPassageNamesTheColumns() async throws {
        let scratch = try Scratch()
        let content = try scratch.file("a.csv", "city,,year\nOslo,north,1952\nRome,,1960\n")
        let text = try await Self.extractor.extract(content, mediaType: "text/csv")
        #expect(shown(text) == ["C city | year⏎city: Oslo | north | year: 1952⏎city: Rome | year: 1960"])
    }

    @Test func nameDecidesAndTabsAreATable() async throws {
        let scratch = try Scratch()
        let named = [("a.csv", "text/csv"), ("a.tsv", "text/tab-separated-values")]
        for (name, mediaType) in named {
            let content = try scratch.file(name, "a\tb\n1\t2\n")
            #expect(try await Self.extractor.identify(content, name: name) == .supported(mediaType: mediaType))
            #expect(try await rows(Self.extractor.extract(content, mediaType: mediaType)).count == 1)
        }
    }

    @Test func tooManyColumnsAreRefused() async throws {
        let header = (0..<1_000_000).map { "c\($0)" }.joined(separator: ",")
        let scratch = try Scratch()
        let content = try scratch.file("a.csv", header + "\n1,2\n")
        await #expect(throws: ExtractionError.tooManyColumns(limit: 16_384)) {
            try await Self.extractor.extract(content, mediaType: "text/csv")
        }
    }

    @Test(arguments: ["x", "\""])
    func lineOfAHundredMegabytesIsRefused(_ first: String) async throws {
        let line = Array(first.utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: 99_999_990)
        let scratch = try Scratch()
        let content = try scratch.file("a.csv", line)
        await #expect(throws: ExtractionError.damaged(.csv)) {
            try await Self.extractor.extract(content, mediaType: "text/csv")
        }
    }

    @Test func encodingIsFound() async throws {
        let text = "Ort;Größe\nKöln;groß\nMünchen;größer\n"
        let latin = text.unicodeScalars.map { UInt8($0.value) }
        let wide = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        for bytes in [latin, wide, [0xFF, 0xFE] + wide, [0xEF, 0xBB, 0xBF] + Array(text.utf8)] {
            let scratch = try Scratch()
            let content = try scratch.file("a.csv", bytes)
            let table = try await Self.extractor.extract(content, mediaType: "text/csv")
            #expect(table.tables?.schemas.first?.columns == ["Ort", "Größe"])
            #expect(try rows(table).map(Self.cells) == [["Köln", "groß"], ["München", "größer"]])
        }
    }
}
