import Foundation
import GRDB
import Ingest
import Storage
import Testing

@Suite("Opening the database")
struct StoreOpeningTests {
    private let directory: TemporaryDirectory
    private var path: String { self.directory.file("store.db") }

    init() throws { self.directory = try TemporaryDirectory() }

    private func failure(
        at path: String? = nil,
        model: EmbeddingModel = Fixtures.model,
        access: SQLiteStore.Access = .readWrite
    ) -> StoreError? {
        #expect(throws: StoreError.self) {
            _ = try Fixtures.store(at: path ?? self.path, model: model, access: access, busyTimeout: .milliseconds(1))
        }
    }

    private func mode(of path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? NSNumber).intValue
    }

    @Test func missingDirectoriesAreMadeAndNobodyElseMayRead() async throws {
        let path = self.directory.file("a/b/store.db")
        let store = try Fixtures.store(at: path)
        #expect(try self.mode(of: self.directory.file("a")) & 0o027 == 0)
        #expect(try self.mode(of: path) & 0o137 == 0)
        #expect(try self.mode(of: "\(path)-wal") & 0o137 == 0)
        try await store.close()
        #expect(!FileManager.default.fileExists(atPath: "\(path)-wal"))
    }

    @Test func reopeningFindsWhatWasStored() async throws {
        let first = try Fixtures.store(at: self.path)
        let version = Fixtures.version("a", texts: ["oak", "elm"], cursor: "5")
        _ = try await first.replace(with: version)
        try await first.close()
        let second = try Fixtures.store(at: self.path)
        #expect(try await second.ledger(of: Fixtures.pipeline) == [version.entry])
        #expect(try await second.cursor(of: Fixtures.pipeline) == "5")
        #expect(try await second.vectors(for: ["elm"]) == [Fixtures.vector(of: "elm")])
        try await second.close()
    }

    /// What a child holds between `fork` and `exec`.
    @Test func aCopyOfTheLocksDescriptorDoesNotKeepTheLock() async throws {
        let first = try Fixtures.store(at: self.path)
        let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }
        let lock = descriptors.first { descriptor in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
            return target == "\(self.path).lock"
        }
        let copy = dup(try #require(lock))
        defer { close(copy) }
        try await first.close()
        try await Fixtures.store(at: self.path).close()
    }

    @Test func secondWriterIsRefusedUntilTheFirstCloses() async throws {
        let first = try Fixtures.store(at: self.path)
        let error = self.failure()
        #expect(error == .inUse(path: self.path, process: getpid()))
        #expect(
            error?.description == "cannot open the database '\(self.path)': process \(getpid()) writes to it; "
                + "stop that one first, or choose another 'store.path'"
        )
        try await first.close()
        try await Fixtures.store(at: self.path).close()
    }

    @Test func closedStoreSaysSo() async throws {
        let store = try Fixtures.store(at: self.path)
        try await store.close()
        await #expect(throws: StoreError.closed(path: self.path)) { try await store.totals(of: Fixtures.pipeline) }
        await #expect(throws: StoreError.closed(path: self.path)) {
            try await store.record(Fixtures.entry("a"))
        }
    }

    @Test func otherModelIsRefusedWithBothNames() async throws {
        try await Fixtures.store(at: self.path).close()
        let other = EmbeddingModel(provider: "openai", name: "text-embedding-3-small", dimensions: 1_536)
        let expected = StoreError.otherModel(path: self.path, stored: Fixtures.model, configured: other)
        #expect(self.failure(model: other) == expected)
        #expect(self.failure(model: other, access: .readOnly) == expected)
        #expect(
            expected.description == "cannot open the database '\(self.path)': its vectors were made by "
                + "'builtin/tiny' (8 dimensions) and the configuration asks for "
                + "'openai/text-embedding-3-small' (1536 dimensions); run 'corpusd reembed' to have every "
                + "passage embedded again while the old vectors serve, or restore the 'embedding' settings"
        )
        try await Fixtures.store(at: self.path).close()
    }

    @Test func otherPrefixIsAnotherModel() async throws {
        try await Fixtures.store(at: self.path).close()
        var other = Fixtures.model
        other.passagePrefix = "Instruct: find\nPassage: "
        let expected = StoreError.otherModel(path: self.path, stored: Fixtures.model, configured: other)
        #expect(self.failure(model: other) == expected)
        #expect(expected.description.contains("(8 dimensions, passages behind 'Instruct: find\\nPassage: ')"))

        // What was written down is read again, and a revision that becomes known does not lose it.
        let path = self.directory.file("prefixed.db")
        try await Fixtures.store(at: path, model: other).close()
        other.revision = "2"
        try await Fixtures.store(at: path, model: other).close()
        let stored = try await Raw.strings(path, "SELECT passage_prefix || revision FROM embedding_model")
        #expect(stored == ["Instruct: find\nPassage: 2"])
    }

    @Test func newerSchemaIsRefusedUntouched() async throws {
        try await Fixtures.store(at: self.path).close()
        try await Raw.change(self.path, "PRAGMA user_version = 99")
        let before = try Data(contentsOf: URL(fileURLWithPath: self.path))
        for access in [SQLiteStore.Access.readWrite, .readOnly] {
            let error = self.failure(access: access)
            guard case .newerSchema(self.path, 99, _) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: self.path)) == before)
    }

    @Test func readerSaysThatThereIsNoDatabaseYet() throws {
        let missing = StoreError.missing(path: self.path)
        #expect(self.failure(access: .readOnly) == missing)
        #expect(!FileManager.default.fileExists(atPath: self.path))
        #expect(
            missing.description == "cannot open the database '\(self.path)': there is none yet; "
                + "run 'corpusd serve' first, or correct 'store.path'"
        )
        try Data().write(to: URL(fileURLWithPath: self.path))
        #expect(self.failure(access: .readOnly) == missing)
    }

    @Test func whatIsNoDatabaseOfOursIsRefusedUntouched() async throws {
        try Data("this is a letter to my grandmother, not a database".utf8).write(to: URL(fileURLWithPath: self.path))
        #expect(self.failure() == .notADatabase(path: self.path))
        #expect(self.failure(access: .readOnly) == .notADatabase(path: self.path))

        let foreign = self.directory.file("foreign.db")
        try await Raw.change(foreign, "CREATE TABLE documents (id INTEGER PRIMARY KEY, content TEXT)")
        let before = try Data(contentsOf: URL(fileURLWithPath: foreign))
        #expect(self.failure(at: foreign) == .foreign(path: foreign))
        #expect(self.failure(at: foreign, access: .readOnly) == .foreign(path: foreign))
        #expect(try Data(contentsOf: URL(fileURLWithPath: foreign)) == before)
    }

    @Test func directoriesAndDevicesAreRefused() {
        #expect(self.failure(at: self.directory.path) == .isDirectory(path: self.directory.path))
        #expect(self.failure(at: self.directory.path, access: .readOnly) == .isDirectory(path: self.directory.path))
        #expect(self.failure(at: "/dev/null") == .cannotOpen(path: "/dev/null", reason: "it is not a regular file"))
        let below = "/dev/null/store.db"
        #expect(self.failure(at: below) == .cannotOpen(path: below, reason: "not a directory"))
    }

    @Test(arguments: [
        (EACCES, StoreError.notPermitted(path: "/p", what: "read it", userID: geteuid())),
        (EPERM, .notPermitted(path: "/p", what: "read it", userID: geteuid())),
        (EROFS, .readOnlyFileSystem(path: "/p")),
        (ENOSPC, .diskFull(path: "/p")),
        (ENAMETOOLONG, .cannotOpen(path: "/p", reason: "file name too long")),
    ])
    func systemErrorsAreTold(code: Int32, expected: StoreError) {
        #expect(StoreFile.error(code, path: "/p", doing: "read it") == expected)
    }

    @Test func readerWorksBesideTheWriterAndSeesItsCommits() async throws {
        let writer = try Fixtures.store(at: self.path)
        _ = try await writer.replace(with: Fixtures.version("a", texts: ["oak", "elm"]))
        let reader = try Fixtures.store(at: self.path, access: .readOnly)
        let query = SearchQuery(text: "pine", vector: Fixtures.vector(of: "pine"), limit: 10)
        #expect(try await reader.search(query).count == 2)
        _ = try await writer.replace(with: Fixtures.version("a", texts: ["birch"]))
        _ = try await writer.replace(with: Fixtures.version("b", texts: ["pine"]))
        #expect(try await reader.search(query).map(\.chunk.text) == ["pine", "birch"])
        await #expect(throws: StoreError.openedReadOnly(path: self.path)) {
            try await reader.remove(Fixtures.id("a"))
        }
        try await writer.close()
        #expect(try await reader.search(query).count == 2)
        try await reader.close()
    }

    @Test func readerWorksWithoutAWriter() async throws {
        let writer = try Fixtures.store(at: self.path)
        _ = try await writer.replace(with: Fixtures.version("a", texts: ["oak"]))
        try await writer.close()
        let reader = try Fixtures.store(at: self.path, access: .readOnly)
        #expect(try await reader.search(SearchQuery(text: "oak", vector: nil, limit: 3)).count == 1)
        try await reader.close()
    }
}
