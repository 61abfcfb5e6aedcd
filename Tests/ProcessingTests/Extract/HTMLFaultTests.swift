import Glibc
import Ingest
import Processing
import SystemPackage
import Testing

@Suite("Hostile pages and broken children", .timeLimit(.minutes(5)))
struct HTMLFaultTests {
    /// libxml2 compares each attribute of an element with all others.
    @Test func elementWithHundredsOfThousandsOfAttributesIsGivenUp() async throws {
        let scratch = try Scratch()
        let attributes = (0..<300_000).map { " a\($0)=1" }.joined()
        let content = try scratch.file("a.html", "<p\(attributes)>text")
        let child = ChildLimits(cpuTime: .seconds(2), wallTime: .seconds(240), memoryBytes: 1 << 30)
        let extractor = FileExtractor(program: Scratch.program, limits: ExtractionLimits(html: child))
        let error = await #expect(throws: ExtractionError.self) {
            try await extractor.extract(content, mediaType: "text/html")
        }
        #expect(error == .timeLimit(.html, .seconds(2)))
        #expect(error?.isTransient == false)
    }

    struct Shape: CustomTestStringConvertible {
        let testDescription: String
        let page: String

        init(_ description: String, _ page: String) { (self.testDescription, self.page) = (description, page) }
    }

    static let shapes = [
        Shape("nested divisions", String(repeating: "<div>", count: 20_000) + "end"),
        Shape("nested lists", String(repeating: "<ul><li>", count: 10_000) + "end"),
        Shape("nested tables", String(repeating: "<table><tr><td>", count: 5_000) + "end"),
        Shape("open brackets", String(repeating: "<", count: 500_000) + " end"),
        Shape("open entities", String(repeating: "&", count: 500_000) + " end"),
        Shape("marks on a letter", "a" + String(repeating: "\u{301}", count: 1_000_000) + " end"),
        Shape("a long name", "<" + String(repeating: "a", count: 1_000_000) + "> end"),
    ]

    @Test(arguments: Self.shapes)
    func pageOfAnyShapeIsReadOrGivenUp(_ shape: Shape) async throws {
        let scratch = try Scratch()
        let content = try scratch.file("a.html", shape.page)
        let child = ChildLimits(cpuTime: .seconds(5), wallTime: .seconds(240), memoryBytes: 1 << 30)
        let extractor = FileExtractor(program: Scratch.program, limits: ExtractionLimits(html: child))
        do {
            let text = try await extractor.extract(content, mediaType: "text/html")
            #expect(text.blocks.last?.text.hasSuffix("end") == true)
        } catch let error as ExtractionError {
            #expect(error == .timeLimit(.html, .seconds(5)) || error == .crashed(.html))
        }
    }

    static let outputs: [(String, ExtractionError)] = [
        ("", .crashed(.html)),
        ("P\\0\\0\\0\\1a", .crashed(.html)),
        ("P\\0\\0\\0\\2a", .crashed(.html)),
        ("P\\377\\377\\377\\377", .crashed(.html)),
        ("Z\\0\\0\\0\\0", .crashed(.html)),
        ("E\\0\\0\\0\\0", .noText(.html)),
    ]

    @Test(arguments: Self.outputs)
    func brokenOutputIsAnError(_ output: String, _ expected: ExtractionError) async throws {
        let scratch = try Scratch()
        let program = try scratch.script("program", "printf '\(output)'")
        let content = try scratch.file("a.html", "a")
        await #expect(throws: expected) {
            try await FileExtractor(program: program).extract(content, mediaType: "text/html")
        }
    }

    @Test func framesBecomeBlocksUpToTheEnd() async throws {
        let scratch = try Scratch()
        let frames = "T\\0\\0\\0\\1t2\\0\\0\\0\\2hiP\\0\\0\\0\\3\\342\\202\\254C\\0\\0\\0\\4a\\nbcE\\0\\0\\0\\0ignored"
        let whole = try scratch.script("whole", "printf '\(frames)'")
        let content = try scratch.file("a.html", "a")
        let text = try await FileExtractor(program: whole).extract(content, mediaType: "text/html")
        #expect(shown(text) == ["T t", "2 hi", "P €", "C a⏎bc"])
    }

    @Test func fileThatVanishesBeforeTheChildOpensItIsGone() async throws {
        let scratch = try Scratch()
        let program = try scratch.script("program", "/bin/rm \"$6\"; exec '\(Scratch.program)' \"$@\"")
        for (name, type) in [("a.html", "text/html"), ("a.pdf", "application/pdf")] {
            let content = try scratch.file(name, "%PDF-")
            let error = await #expect(throws: ExtractionError.self) {
                try await FileExtractor(program: program).extract(content, mediaType: type)
            }
            #expect(error == .unreadable(.noSuchFileOrDirectory))
            #expect(error?.isTransient == true)
        }
    }

    @Test(arguments: ["text/plain", "text/html", "application/pdf"])
    func pipeIsNotWaitedFor(_ mediaType: String) async throws {
        let scratch = try Scratch()
        let path = "\(scratch.path)/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        await #expect(throws: ExtractionError.notAFile) {
            try await FileExtractor(program: Scratch.program).extract(Scratch.content(path), mediaType: mediaType)
        }
    }
}
