import FoundationEssentials
import Glibc
import Ingest
import Processing
import Testing

@Suite("What a child process cannot do to the daemon", .timeLimit(.minutes(5)))
struct ChildFaultTests {
    /// Extracts a PDF with a shell script in the place of `pdftotext`.
    @discardableResult
    private static func extract(
        with body: String,
        limits: ExtractionLimits = ExtractionLimits()
    ) async throws -> ExtractedText {
        let scratch = try Scratch()
        let extractor = FileExtractor(
            program: Scratch.program,
            tools: ExtractionTools(pdftotext: try scratch.script("tool", body)),
            limits: limits
        )
        return try await extractor.extract(try scratch.file("a.pdf", "%PDF-"), mediaType: "application/pdf")
    }

    private static func limits(cpu: Int, wall: Int) -> ExtractionLimits {
        let child = ChildLimits(cpuTime: .seconds(cpu), wallTime: .seconds(wall), memoryBytes: 1 << 30)
        return ExtractionLimits(html: child, pdf: child)
    }

    static let endings: [(String, ExtractionError)] = [
        ("exit 1", .damaged(.pdf)),
        ("echo 'Command Line Error: Incorrect password' >&2; exit 1", .encrypted(.pdf)),
        ("echo 'Out of memory' >&2; exit 1", .crashed(.pdf)),
        ("exit 3", .copyingForbidden(.pdf)),
        ("exit 99", .crashed(.pdf)),
        ("kill -SEGV $$", .crashed(.pdf)),
        ("kill -ABRT $$", .crashed(.pdf)),
        ("kill -KILL $$", .killed(.pdf)),
        ("echo Failed loading language xyz >&2; exit 1", .languageMissing),
        ("kill -XCPU $$", .timeLimit(.pdf, .seconds(90))),
        ("exit 0", .noText(.pdf)),
    ]

    @Test(arguments: Self.endings)
    func everyEndingIsAnError(_ body: String, _ expected: ExtractionError) async throws {
        await #expect(throws: expected) { try await Self.extract(with: body) }
    }

    @Test func limitsAreInForceInWhatTheChildBecomes() async throws {
        let text = try await Self.extract(
            with: """
                echo '<pre>'
                ulimit -t; ulimit -v; ulimit -f; ulimit -c; ulimit -n; pwd
                read -r input || echo "no input$input"
                export -p
                printf '\\f'
                """
        )
        #expect(
            shown(text) == [
                "P@1 90⏎1048576⏎0⏎0⏎64⏎/⏎no input⏎export LANG='C.UTF-8'⏎export OMP_THREAD_LIMIT='1'⏎export PWD='/'"
            ])
    }

    @Test func childThatNeverEndsIsStoppedByItsProcessorTime() async throws {
        await #expect(throws: ExtractionError.timeLimit(.pdf, .seconds(1))) {
            try await Self.extract(with: "while :; do :; done", limits: Self.limits(cpu: 1, wall: 120))
        }
    }

    @Test(arguments: ["kill -STOP $$", "trap '' TERM INT HUP; exec >&- 2>&-; kill -STOP $$"])
    func childThatHangsIsKilled(_ body: String) async throws {
        await #expect(throws: ExtractionError.timeLimit(.pdf, .seconds(1))) {
            try await Self.extract(with: body, limits: Self.limits(cpu: 60, wall: 1))
        }
    }

    @Test(arguments: [
        "while :; do echo y; done", "while :; do printf '%4096s' y; done",
        "echo '<pre>'; while :; do printf '%4096s' y; done",
    ])
    func outputWithoutEndIsStopped(_ body: String) async throws {
        await #expect(throws: ExtractionError.tooMuchText(limit: 100_000)) {
            try await Self.extract(with: body, limits: ExtractionLimits(textBytes: 100_000))
        }
    }

    @Test func errorsWithoutEndDoNotStandInTheWay() async throws {
        await #expect(throws: ExtractionError.encrypted(.pdf)) {
            try await Self.extract(
                with: """
                    echo 'Command Line Error: Incorrect password' >&2
                    i=0
                    while [ $i -lt 20000 ]; do i=$((i+1)); echo "Syntax Error ($i): Illegal character in a string" >&2; done
                    exit 1
                    """
            )
        }
    }

    /// Only for root, whom the kernel allows any number of processes; for others the child cannot have children.
    @Test func grandchildWithTheOutputOpenIsNotWaitedFor() async throws {
        let script = "(while :; do :; done) & echo '<pre>'; echo text; printf '\\f'"
        if geteuid() == 0 {
            let text = try await Self.extract(with: script, limits: Self.limits(cpu: 60, wall: 60))
            #expect(shown(text) == ["P@1 text"])
        } else {
            await #expect(throws: ExtractionError.crashed(.pdf)) { try await Self.extract(with: script) }
        }
    }

    @Test func cancelledExtractionEndsItsChild() async throws {
        let scratch = try Scratch()
        let tool = try scratch.script("tool", "kill -STOP $$")
        let content = try scratch.file("a.pdf", "%PDF-")
        let extraction = Task {
            let extractor = FileExtractor(program: Scratch.program, tools: ExtractionTools(pdftotext: tool))
            return try await extractor.extract(content, mediaType: "application/pdf")
        }
        var child = Self.process(running: tool)
        while child == nil {
            try await Task.sleep(for: .milliseconds(5))
            child = Self.process(running: tool)
        }
        extraction.cancel()
        await #expect(throws: CancellationError.self) { try await extraction.value }
        #expect(try kill(#require(child), 0) == -1)
    }

    /// The process whose interpreter got this script.
    private static func process(running script: String) -> pid_t? {
        let ids = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { pid_t($0) } ?? []
        return ids.first { id in
            let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()
            return line.split(separator: 0).dropFirst().first.map { String(decoding: $0, as: UTF8.self) } == script
        }
    }

    @Test func missingToolIsWorthAnotherTry() async throws {
        let scratch = try Scratch()
        let content = try scratch.file("a.pdf", "%PDF-")
        let tools = ExtractionTools(pdftotext: "/nonexistent/pdftotext")
        let extractor = FileExtractor(program: Scratch.program, tools: tools)
        let error = await #expect(throws: ExtractionError.self) {
            try await extractor.extract(content, mediaType: "application/pdf")
        }
        #expect(error == .toolMissing(path: "/nonexistent/pdftotext"))
        #expect(error?.isTransient == true)
    }

    /// What there is to tell without the program is told.
    @Test func imageIsToldOfWithoutTextRecognition() async throws {
        let scratch = try Scratch()
        let content = try scratch.file("picture.png", try OfficeFile.read(OfficeFile.png.rawValue))
        let tools = ExtractionTools(tesseract: "/nonexistent/tesseract")
        let extractor = FileExtractor(program: Scratch.program, tools: tools, recognition: TextRecognition())
        let text = try await extractor.extract(content, mediaType: "image/png")
        #expect(shown(text).joined().contains("900 × 160 pixels"))
    }

    @Test func missingProgramIsAnError() async throws {
        let scratch = try Scratch()
        let content = try scratch.file("a.html", "a")
        await #expect(throws: ExtractionError.toolMissing(path: "/nonexistent/corpusd")) {
            try await FileExtractor(program: "/nonexistent/corpusd").extract(content, mediaType: "text/html")
        }
    }
}
