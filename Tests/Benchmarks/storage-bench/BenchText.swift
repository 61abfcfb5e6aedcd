import Foundation
import Ingest
import Storage

/// Text with the word frequencies of natural language, and random unit vectors; the same for the same seed.
struct BenchText {
    private static let stopWords = StopWords.english.sorted()

    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    /// Words by Zipf's law, out of some 20,000; as in English, the hundred most frequent are stop words.
    mutating func words(_ count: Int) -> String {
        let frequent = Self.stopWords
        return (0..<count).map { _ in
            let rank = Int(exp(self.uniform() * log(20_000)))
            return rank <= frequent.count ? frequent[max(0, rank - 1)] : "word\(rank)"
        }.joined(separator: " ")
    }

    mutating func vector() -> [Float] {
        let vector = (0..<StorageBench.model.dimensions).map { _ in Float(self.uniform() + self.uniform() - 1) }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return vector.map { $0 / length }
    }

    mutating func version(_ file: String, in pipeline: PipelineID, chunks: Int) -> DocumentVersion {
        let results = Results(
            chunksCreated: chunks,
            embeddingsGenerated: chunks,
            embeddingsReused: 0,
            processingDuration: 1,
            contentLength: 1
        )
        var texts: [Chunk] = []
        var vectors: [[Float]] = []
        for index in 0..<chunks {
            texts.append(Chunk(index: index, text: self.words(110), tokens: 160, page: 1, headingPath: ["A", "B"]))
            vectors.append(self.vector())
        }
        let entry = Self.entry(file, in: pipeline, state: .stored(results))
        return DocumentVersion(entry: entry, title: "Title", chunks: texts, vectors: vectors)
    }

    static func entry(_ file: String, in pipeline: PipelineID, state: LedgerEntry.State) -> LedgerEntry {
        let document = SourceDocument(
            id: DocumentID(pipeline: pipeline, file: "2049:\(file)"),
            name: "document \(file).txt",
            path: "folder/another folder/document \(file).txt",
            url: "file:///srv/share/folder/another%20folder/document%20\(file).txt",
            size: 12_345,
            mimeType: "text/plain",
            fingerprint: "12345:1795370414.250000000:\(file)"
        )
        return LedgerEntry(
            document: document,
            state: state,
            contentHash: String(repeating: "0123456789abcdef", count: 4),
            mediaType: "text/plain",
            updatedAt: Date()
        )
    }

    private mutating func uniform() -> Double {
        self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(self.state >> 11) / Double(1 << 53)
    }
}
