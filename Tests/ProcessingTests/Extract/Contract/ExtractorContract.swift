import FoundationEssentials
import Ingest
import Testing

/// What an extractor must do with each format it reads.
@Suite("Extractor contract", .timeLimit(.minutes(5)))
struct ExtractorContract {
    private let scratch: Scratch

    init() throws { self.scratch = try Scratch() }

    @Test(arguments: ExtractorKind.allCases, FormatKind.allCases)
    func formatIsIdentified(_ kind: ExtractorKind, _ format: FormatKind) async throws {
        let content = try self.scratch.file("content", format.document())
        let identification = try await kind.extractor().identify(content, name: format.fileName)
        #expect(identification == .supported(mediaType: format.mediaType))
    }

    @Test(arguments: ExtractorKind.allCases, FormatKind.allCases)
    func textComesInReadingOrderWithoutEmptyBlocks(_ kind: ExtractorKind, _ format: FormatKind) async throws {
        let content = try self.scratch.file("content", format.document())
        let text = try await kind.extractor().extract(content, mediaType: format.mediaType)
        #expect(!text.blocks.isEmpty)
        #expect(text.blocks.allSatisfy { $0.text.contains { !$0.isWhitespace } })
        var rest = text.blocks.map(\.text).joined(separator: "\n")[...]
        for words in format.words {
            let range = try #require(rest.firstRange(of: words), "'\(words)' is missing or out of order")
            rest = rest[range.upperBound...]
        }
        let pages = text.blocks.compactMap(\.page)
        #expect(pages == pages.sorted() && pages.first ?? 1 >= 1)
    }

    @Test(arguments: ExtractorKind.allCases, FormatKind.allCases)
    func readingChangesNothingAndIsRepeatable(_ kind: ExtractorKind, _ format: FormatKind) async throws {
        let bytes = try format.document()
        let content = try self.scratch.file("content", bytes)
        let extractor = kind.extractor()
        let first = try await extractor.extract(content, mediaType: format.mediaType)
        let others = try await withThrowingTaskGroup(of: ExtractedText.self) { group in
            for _ in 0..<4 { group.addTask { try await extractor.extract(content, mediaType: format.mediaType) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(others.allSatisfy { $0 == first })
        #expect(try Data(contentsOf: URL(filePath: content.filePath)) == Data(bytes))
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.scratch.path) == ["content"])
    }

    @Test(arguments: ExtractorKind.allCases, FormatKind.allCases)
    func documentWithoutTextIsAnError(_ kind: ExtractorKind, _ format: FormatKind) async throws {
        // There is always something to say of a picture, for example.
        guard let blank = try format.documentWithoutText() else { return }
        let content = try self.scratch.file("content", blank)
        let error = await #expect(throws: (any Error).self) {
            try await kind.extractor().extract(content, mediaType: format.mediaType)
        }
        let reason = try #require(error as? any DocumentError)
        #expect(reason.typeName == "NoText")
        #expect(!reason.isTransient)
    }

    @Test(arguments: ExtractorKind.allCases, FormatKind.allCases)
    func emptyFileIsSkippedOrFails(_ kind: ExtractorKind, _ format: FormatKind) async throws {
        let content = try self.scratch.file("content", [])
        let identification = try await kind.extractor().identify(content, name: format.fileName)
        #expect(identification == .skipped(reason: "empty file"))
        // It may have become empty in between.
        let error = await #expect(throws: (any Error).self) {
            try await kind.extractor().extract(content, mediaType: format.mediaType)
        }
        #expect(error is any DocumentError)
    }

    @Test(arguments: ExtractorKind.allCases, FormatKind.allCases)
    func fileThatIsGoneFailsForAReason(_ kind: ExtractorKind, _ format: FormatKind) async throws {
        let content = Scratch.content("\(self.scratch.path)/missing")
        let errors = [
            await #expect(throws: (any Error).self) {
                _ = try await kind.extractor().identify(content, name: format.fileName)
            },
            await #expect(throws: (any Error).self) {
                _ = try await kind.extractor().extract(content, mediaType: format.mediaType)
            },
        ]
        for error in errors {
            let reason = try #require(error as? any DocumentError)
            #expect(reason.typeName.first?.isUppercase == true)
            #expect(reason.typeName.allSatisfy { $0.isLetter || $0.isNumber })
            #expect(!reason.description.isEmpty && !reason.description.contains("\n"))
        }
    }

    @Test(arguments: ExtractorKind.allCases)
    func typeThatNobodyReadsIsRefused(_ kind: ExtractorKind) async throws {
        let content = try self.scratch.file("content", [0, 0, 0, 24] + Array("ftypisom".utf8))
        let identification = try await kind.extractor().identify(content, name: "a.mp4")
        guard case .skipped(let reason) = identification else {
            Issue.record("identified as \(identification)")
            return
        }
        #expect(!reason.isEmpty && !reason.contains("\n"))
        let error = await #expect(throws: (any Error).self) {
            try await kind.extractor().extract(content, mediaType: "video/mp4")
        }
        #expect((error as? any DocumentError)?.isTransient == false)
    }
}
