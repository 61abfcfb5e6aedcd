import Foundation
import Ingest
import Testing

extension WatchingTests {
    /// What a source must hand over when a document is to be read.
    @Suite("Source contract: fetching", .timeLimit(.minutes(1)))
    struct SourceFetchContract {
        private func document(_ path: String, in place: any SourcePlace) async throws -> SourceDocument {
            let record = try await place.check()
            return try #require(record.documents.values.first { $0.path == path })
        }

        /// Contents with their SHA-256.
        static let contents = [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("text", "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1"),
            ("\u{0}\u{1}\u{2}", "ae4b3280e56e2faf83f414a6e3dabe9d5fbe18976544c05fed121accb85b53fc"),
            (
                String(repeating: "long ", count: 100_000),
                "d8599244d919f012f93d5710bfe71a61b1597dd4d1a61c9bd2a5e87fdbbaf150"
            ),
        ]

        @Test(arguments: SourceKind.allCases, Self.contents)
        func contentIsAFileWithTheDocumentsBytes(_ kind: SourceKind, _ expected: (text: String, hash: String))
            async throws
        {
            try await kind.withPlace { place in
                try await place.put("a", expected.text)
                let source = try place.source()
                let content = try await source.fetch(try await self.document("a", in: place))
                #expect(content.filePath.hasPrefix("/"))
                #expect(try Data(contentsOf: URL(filePath: content.filePath)) == Data(expected.text.utf8))
                #expect(content.size == expected.text.utf8.count)
                #expect(content.contentHash == expected.hash)
                await source.release(content)
            }
        }

        @Test(arguments: SourceKind.allCases)
        func releaseDeletesExactlyWhatWasMadeForTheFetch(_ kind: SourceKind) async throws {
            try await kind.withPlace { place in
                try await place.put("a", "text")
                let source = try place.source()
                let document = try await self.document("a", in: place)
                let first = try await source.fetch(document)
                let second = try await source.fetch(document)
                await source.release(first)
                #expect(FileManager.default.fileExists(atPath: first.filePath) == !first.isTemporary)
                #expect(FileManager.default.fileExists(atPath: second.filePath))
                await source.release(second)
                // The document itself is never touched.
                let record = try await place.check()
                #expect(record.paths == ["a"])
            }
        }

        @Test(arguments: SourceKind.allCases)
        func documentsAreFetchedSideBySide(_ kind: SourceKind) async throws {
            try await kind.withPlace { place in
                for number in 0..<20 { try await place.put("\(number)", "text of \(number)") }
                let source = try place.source()
                let record = try await place.check()
                let sizes = try await withThrowingTaskGroup(of: (String, String).self) { group in
                    for document in record.documents.values {
                        group.addTask {
                            let content = try await source.fetch(document)
                            let text = try String(contentsOfFile: content.filePath, encoding: .utf8)
                            await source.release(content)
                            return (document.path, text)
                        }
                    }
                    return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
                }
                #expect(sizes == Dictionary(uniqueKeysWithValues: (0..<20).map { ("\($0)", "text of \($0)") }))
            }
        }

        @Test(arguments: SourceKind.allCases)
        func documentThatIsGoneFailsForAReason(_ kind: SourceKind) async throws {
            try await kind.withPlace { place in
                try await place.put("a", "text")
                let source = try place.source()
                let document = try await self.document("a", in: place)
                try await place.delete("a")
                let error = await #expect(throws: (any Error).self) { _ = try await source.fetch(document) }
                let reason = try #require(error as? any DocumentError)
                #expect(reason.typeName.first?.isUppercase == true)
                #expect(reason.typeName.allSatisfy { $0.isLetter || $0.isNumber })
                #expect(!reason.description.isEmpty && !reason.description.contains("\n"))
            }
        }

        @Test(arguments: SourceKind.allCases)
        func placeThatCannotBeReadIsWorthAnotherTry(_ kind: SourceKind) async throws {
            try await kind.withPlace { place in
                try await place.put("a", "text")
                let source = try place.source()
                let document = try await self.document("a", in: place)
                try await place.hide()
                let error = await #expect(throws: (any Error).self) { _ = try await source.fetch(document) }
                #expect((error as? any DocumentError)?.isTransient == true)
                try await place.show()
                await source.release(try await source.fetch(document))
            }
        }
    }
}
