import Foundation
import Ingest
import Logging
import Storage

/// Measures the embedded store with 100,000 chunks of 384 dimensions and 100,000 files in the ledger.
///
/// Usage: `storage-bench [directory]`; the database is made there and removed again.
@main
struct StorageBench {
    static let documents = 1_000
    static let chunksPerDocument = 100
    static let model = EmbeddingModel(provider: "bench", name: "random", dimensions: 384)
    static let pipeline = PipelineID("bench")
    static let other = PipelineID("other")

    private let path: String
    private let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }

    static func main() async throws {
        let directory = CommandLine.arguments.dropFirst().first ?? NSTemporaryDirectory()
        let path = "\(directory)/storage-bench-\(UUID().uuidString).db"
        defer { for end in ["", "-wal", "-shm", ".lock"] { try? FileManager.default.removeItem(atPath: path + end) } }
        let bench = StorageBench(path: path)
        try await bench.fill()
        try await bench.search()
        try await bench.searchFromCold()
        try await bench.ledger()
    }

    private func open(_ access: SQLiteStore.Access = .readWrite) throws -> SQLiteStore {
        try SQLiteStore(path: self.path, model: Self.model, access: access, logger: self.logger)
    }

    private func fill() async throws {
        var text = BenchText(seed: 1)
        let versions = (0..<Self.documents).map { number in
            let pipeline = number % 10 == 0 ? Self.other : Self.pipeline
            return text.version("\(number)", in: pipeline, chunks: Self.chunksPerDocument)
        }
        let store = try self.open()
        let time = try await Measure.of { for version in versions { _ = try await store.replace(with: version) } }
        let chunks = Self.documents * Self.chunksPerDocument
        Measure.report("store chunks, \(Self.chunksPerDocument) a document", time.rate(of: chunks))
        let one = try await Measure.of {
            for version in versions[..<100] { _ = try await store.replace(with: version) }
        }
        Measure.report("replace 100 documents of \(Self.chunksPerDocument)", one.milliseconds)
        let texts = versions[7].chunks.map(\.text)
        let reuse = try await Measure.of { _ = try await store.vectors(for: texts) }
        Measure.report("look up \(texts.count) vectors by text", reuse.milliseconds)
        try await store.close()
        let size = try FileManager.default.attributesOfItem(atPath: self.path)[.size] as? Int ?? 0
        Measure.report("size", "\(size / 1_000_000) MB")
    }

    private func search() async throws {
        let store = try self.open()
        let before = Measure.residentBytes()
        var text = BenchText(seed: 2)
        let first = try await Measure.of {
            _ = try await store.search(SearchQuery(text: "", vector: text.vector(), limit: 10))
        }
        Measure.report("first search of a new process, reads all vectors", first.milliseconds)
        Measure.report("memory for vectors", "\((Measure.residentBytes() - before) / 1_000_000) MB")
        let questions = (0..<60).map { _ in (text.words(8), text.vector()) }
        for (name, words, vectors, filter) in [
            ("words and vector", true, true, SearchFilter()), ("words", true, false, SearchFilter()),
            ("vector", false, true, SearchFilter()),
            ("words and vector, 90 % of the chunks", true, true, SearchFilter(pipelines: [Self.pipeline])),
            ("words and vector, 10 % of the chunks", true, true, SearchFilter(pipelines: [Self.other])),
            ("words and vector, of one media type", true, true, SearchFilter(mediaType: "text")),
        ] {
            var times: [Measure] = []
            for (question, vector) in questions {
                let query = SearchQuery(
                    text: words ? question : "",
                    vector: vectors ? vector : nil,
                    limit: 10,
                    filter: filter
                )
                times.append(try await Measure.of { _ = try await store.search(query) })
            }
            Measure.report("search: \(name)", Measure.distribution(times))
        }
        try await store.close()
    }

    private func searchFromCold() async throws {
        var text = BenchText(seed: 3)
        let query = SearchQuery(text: text.words(8), vector: text.vector(), limit: 5)
        let time = try await Measure.of {
            let store = try self.open(.readOnly)
            _ = try await store.search(query)
            try await store.close()
        }
        Measure.report("open, one search, close", time.milliseconds)
    }

    private func ledger() async throws {
        let store = try self.open()
        let many = PipelineID("many")
        let results = Results(
            chunksCreated: 0,
            embeddingsGenerated: 0,
            embeddingsReused: 0,
            processingDuration: 1,
            contentLength: 1
        )
        let write = try await Measure.of {
            for number in 0..<100_000 {
                let entry = BenchText.entry("\(number)", in: many, state: .stored(results))
                _ = try await store.record(entry)
            }
        }
        Measure.report("record 100,000 entries, one transaction each", write.rate(of: 100_000))
        let read = try await Measure.of { _ = try await store.ledger(of: many) }
        Measure.report("load a ledger of 100,000 entries", read.milliseconds)
        let recent = try await Measure.of { _ = try await store.recentlyStored(in: many, limit: 10) }
        Measure.report("newest 10 of 100,000", recent.milliseconds)
        try await store.close()
    }
}
