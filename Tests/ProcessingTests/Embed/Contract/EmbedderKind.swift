import Ingest
import NIOPosix
import Processing
import Testing

/// Every implementation of `Embedder`; the contract suite runs each of its tests on each.
enum EmbedderKind: String, CaseIterable, CustomTestStringConvertible {
    case miniLM
    case miniLMOnThreads
    case openAI

    var testDescription: String { self.rawValue }

    /// Runs a test with an embedder that is ready.
    func withEmbedder<Result>(_ body: (any Embedder) async throws -> Result) async throws -> Result {
        switch self {
        case .miniLM: try await MiniLMFixture.withEmbedder { try await body($0) }
        case .miniLMOnThreads: try await MiniLMFixture.withEmbedder(threads: 3) { try await body($0) }
        case .openAI: try await FakeService.with { try await body(OpenAIEmbedderTests.embedder($0)) }
        }
    }
}

/// The built-in embedder on threads of its own, for one test.
enum MiniLMFixture {
    /// Runs a test with the embedder of this processor, or of another arithmetic.
    static func withEmbedder<Result>(
        _ arithmetic: Arithmetic = .fastest,
        threads: Int = 1,
        _ body: (MiniLMEmbedder) async throws -> Result
    ) async throws -> Result {
        let pool = NIOThreadPool(numberOfThreads: 3)
        pool.start()
        do {
            let embedder = try MiniLMEmbedder(
                directory: try Setting.model.value(),
                threadPool: pool,
                threads: threads,
                arithmetic: arithmetic
            )
            let result = try await body(embedder)
            try await pool.shutdownGracefully()
            return result
        } catch {
            try? await pool.shutdownGracefully()
            throw error
        }
    }
}
