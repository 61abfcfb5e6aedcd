import Foundation
import Ingest
import Logging
import SeededRandom
import Storage

/// What the tests store: small documents whose every part can be told from their name.
enum Fixtures {
    static let model = EmbeddingModel(provider: "builtin", name: "tiny", dimensions: 8)
    static let pipeline = PipelineID("handbook")
    static let start = Date(timeIntervalSince1970: 1_795_370_414.25)

    static func id(_ file: String, in pipeline: PipelineID = Self.pipeline) -> DocumentID {
        DocumentID(pipeline: pipeline, file: file)
    }

    static func document(_ file: String, in pipeline: PipelineID = Self.pipeline) -> SourceDocument {
        SourceDocument(
            id: Self.id(file, in: pipeline),
            name: "\(file).md",
            path: "guides/\(file).md",
            url: "file:///srv/guides/\(file).md",
            size: 1_234,
            mimeType: "text/markdown",
            fingerprint: "fingerprint of \(file)"
        )
    }

    static func entry(
        _ file: String,
        in pipeline: PipelineID = Self.pipeline,
        state: LedgerEntry.State = .stored(Self.results(chunks: 1)),
        at seconds: Double = 0
    ) -> LedgerEntry {
        LedgerEntry(
            document: Self.document(file, in: pipeline),
            state: state,
            contentHash: String(repeating: "ab", count: 32),
            mediaType: "text/markdown",
            updatedAt: Self.start.addingTimeInterval(seconds)
        )
    }

    static func results(chunks: Int, duration: Double = 0.125) -> Results {
        Results(
            chunksCreated: chunks,
            embeddingsGenerated: chunks,
            embeddingsReused: 0,
            processingDuration: duration,
            contentLength: 100 * chunks
        )
    }

    static func failure(attempt: Int = 1, nextAttemptAt: Date? = nil) -> LedgerEntry.State {
        let failure = DocumentFailure(type: "Broken", message: "it is broken", stage: .extraction, isRetryable: true)
        return .failed(failure, attempt: attempt, nextAttemptAt: nextAttemptAt)
    }

    /// A version with one chunk a text; the vectors are those of `vector(of:)`.
    static func version(
        _ file: String,
        texts: [String],
        in pipeline: PipelineID = Self.pipeline,
        title: String? = nil,
        cursor: String? = nil,
        at seconds: Double = 0
    ) -> DocumentVersion {
        let state = LedgerEntry.State.stored(Self.results(chunks: texts.count))
        return DocumentVersion(
            entry: Self.entry(file, in: pipeline, state: state, at: seconds),
            title: title,
            chunks: texts.enumerated().map { index, text in
                Chunk(
                    index: index, text: text, tokens: index + 3, page: index + 1, headingPath: ["Top", "Part \(index)"])
            },
            vectors: texts.map { Self.vector(of: $0) },
            cursor: cursor
        )
    }

    /// A unit vector that depends on nothing but the text.
    static func vector(of text: String, dimensions: Int = Self.model.dimensions) -> [Float] {
        var generator = SplitMix64(seed: text.utf8.reduce(5_381) { ($0 &* 33) ^ UInt64($1) })
        return Self.unitVector(dimensions, using: &generator)
    }

    static func unitVector(_ dimensions: Int, using generator: inout SplitMix64) -> [Float] {
        let vector = (0..<dimensions).map { _ in
            // The sum of some even numbers is nearly normal, which makes all directions as likely.
            (0..<6).reduce(Float(0)) { sum, _ in sum + Float.random(in: -1...1, using: &generator) }
        }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return vector.map { $0 / length }
    }

    static func store(
        at path: String,
        model: EmbeddingModel = Self.model,
        access: SQLiteStore.Access = .readWrite,
        busyTimeout: Duration = .seconds(5)
    ) throws(StoreError) -> SQLiteStore {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return try SQLiteStore(path: path, model: model, access: access, busyTimeout: busyTimeout, logger: logger)
    }
}

extension StoreTotals {
    /// Documents and chunks, without the revision, which is each store's own.
    var counts: [Int] { [self.documents, self.chunks] }
}
