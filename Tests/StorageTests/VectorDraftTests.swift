import FoundationEssentials
import Ingest
import Storage
import Testing

@Suite("Changing to another model")
struct VectorDraftTests {
    private static let other = EmbeddingModel(provider: "openai", name: "other", dimensions: 5, revision: "2")

    private let directory: TemporaryDirectory
    private var path: String { self.directory.file("store.sqlite") }

    init() throws { self.directory = try TemporaryDirectory() }

    /// Stores two documents that share a passage.
    private func fill() async throws {
        let store = try Fixtures.store(at: self.path)
        _ = try await store.replace(with: Fixtures.version("a", texts: ["red fish", "blue fish"]))
        _ = try await store.replace(with: Fixtures.version("b", texts: ["blue fish", "old fish"]))
        try await store.close()
    }

    /// Makes the vectors of all passages that lack one, or only of the first few.
    private func draft(limit: Int = .max, isFinished: Bool = true) async throws {
        let store = try Fixtures.store(at: self.path, access: .readOnly)
        let passages = try await store.passages(after: 0, limit: 100)
        try await store.close()
        let draft = try VectorDraft(database: self.path, model: Self.other)
        let lacking = try await draft.lacking(passages.map(\.hash))
        let missing = passages.filter { lacking.contains($0.hash) }.prefix(limit)
        try await draft.add(
            missing.map { ($0.hash, Fixtures.vector(of: $0.text, dimensions: Self.other.dimensions)) })
        if isFinished { try await draft.markFinished() }
        draft.close()
    }

    private func open(_ model: EmbeddingModel) -> StoreError? {
        do {
            _ = try Fixtures.store(at: self.path, model: model)
            return nil
        } catch {
            return error
        }
    }

    @Test func vectorsAreTakenOverAtTheNextStart() async throws {
        try await self.fill()
        try await self.draft()
        let store = try Fixtures.store(at: self.path, model: Self.other)
        #expect(store.model == Self.other)
        #expect(try await store.vectors(for: ["old fish"]) == [Fixtures.vector(of: "old fish", dimensions: 5)])
        let query = SearchQuery(text: "", vector: Fixtures.vector(of: "red fish", dimensions: 5), limit: 1)
        #expect(try await store.search(query).first?.chunk.text == "red fish")
        try await store.close()
        #expect(try await Raw.inconsistencies(self.path) == [])
        #expect(try await Raw.integer(self.path, "SELECT count(*) FROM documents WHERE length(embedding) = 20") == 4)
        #expect(try await Raw.integer(self.path, "SELECT sum(length(codes)) FROM vector_blocks") == 4 * 5)
        #expect(!FileManager.default.fileExists(atPath: VectorDraft.path(of: self.path)))
        #expect(self.open(Fixtures.model)?.typeName == "StoreModelMismatch")
    }

    @Test func anUnfinishedDraftChangesNothing() async throws {
        try await self.fill()
        try await self.draft(isFinished: false)
        #expect(self.open(Self.other)?.typeName == "StoreModelMismatch")
        let store = try Fixtures.store(at: self.path)
        #expect(try await store.vectors(for: ["old fish"]) == [Fixtures.vector(of: "old fish")])
        try await store.close()
        #expect(FileManager.default.fileExists(atPath: VectorDraft.path(of: self.path)), "the old model spares it")
    }

    @Test func aDraftThatLacksAVectorChangesNothing() async throws {
        try await self.fill()
        try await self.draft(limit: 1)
        #expect(self.open(Self.other)?.typeName == "StoreModelMismatch")
        #expect(self.open(Fixtures.model) == nil)
    }

    @Test func workGoesOnWhereItEnded() async throws {
        try await self.fill()
        try await self.draft(limit: 2, isFinished: false)
        let store = try Fixtures.store(at: self.path, access: .readOnly)
        let passages = try await store.passages(after: 0, limit: 100)
        #expect(try await store.passageCount() == 4 && passages.map(\.text).count == 4)
        #expect(try await store.passages(after: passages[1].id, limit: 1).map(\.text) == ["blue fish"])
        try await store.close()
        let draft = try VectorDraft(database: self.path, model: Self.other)
        #expect(try await draft.lacking(passages.map(\.hash)).count == 1)
        draft.close()
        #expect(!VectorDraft.isFinished(for: Self.other, database: self.path))
        try await self.draft()
        #expect(VectorDraft.isFinished(for: Self.other, database: self.path))
        #expect(!VectorDraft.isFinished(for: Fixtures.model, database: self.path))
    }

    @Test func aDraftOfAnotherModelBeginsAnew() async throws {
        try await self.fill()
        try await self.draft()
        var third = Self.other
        third.revision = "3"
        let draft = try VectorDraft(database: self.path, model: third)
        let store = try Fixtures.store(at: self.path, access: .readOnly)
        let hashes = try await store.passages(after: 0, limit: 100).map(\.hash)
        try await store.close()
        #expect(try await draft.lacking(hashes).count == 3)
        await #expect(throws: StoreError.self) { try await draft.add([(hashes[0], [1, 0])]) }
        draft.close()
        try await self.draft()
        var prefixed = Self.other
        prefixed.passagePrefix = "passage: "
        #expect(!VectorDraft.isFinished(for: prefixed, database: self.path))
        let other = try VectorDraft(database: self.path, model: prefixed)
        #expect(try await other.lacking(hashes).count == 3)
        try await other.markFinished()
        other.close()
        #expect(VectorDraft.isFinished(for: prefixed, database: self.path))
    }

    @Test func onlyOneWorksOnADraft() async throws {
        try await self.fill()
        let draft = try VectorDraft(database: self.path, model: Self.other)
        let error = #expect(throws: StoreError.self) { try VectorDraft(database: self.path, model: Self.other) }
        #expect(error?.typeName == "StoreInUse")
        draft.close()
    }

    @Test func aFileThatIsNoDraftIsReplaced() async throws {
        try await self.fill()
        try Data("no database at all, but long enough to be taken for one".utf8)
            .write(to: URL(filePath: VectorDraft.path(of: self.path)))
        #expect(!VectorDraft.isFinished(for: Self.other, database: self.path))
        try await self.draft()
        #expect(self.open(Self.other) == nil)
    }
}
