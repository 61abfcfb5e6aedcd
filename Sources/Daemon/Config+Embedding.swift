package import Config
import FoundationEssentials
import Ingest
package import Logging
import NIOPosix
import Processing
import Storage

/// What of the configuration decides about vectors and passages.
extension Config {
    /// The model that the configuration names.
    var embeddingModel: EmbeddingModel {
        guard let service = self.embedding.service else { return MiniLMEmbedder.identity }
        return EmbeddingModel(
            provider: EmbeddingService.provider,
            name: service.model,
            dimensions: service.dimensions,
            revision: service.revision,
            passagePrefix: service.passagePrefix
        )
    }

    /// Loads the model, off the cooperative pool, or says which service to ask; no service is asked yet.
    ///
    /// - Parameters:
    ///   - threads: How many batches are computed at once; the threads live as long as the process.
    ///   - logger: Told when a service fails and when it is back.
    /// - Returns: An embedder that reads every passage to its end.
    /// - Throws: `ModelError`, `SecretProblem`, or `StartError` when passages are longer than the model reads.
    func openEmbedder(threads: Int, logger: Logger) async throws -> any Embedder {
        let embedder: any Embedder =
            switch self.embedding.service {
            case nil: try await self.builtinEmbedder(threads: threads)
            case let service?: try await self.serviceEmbedder(service, logger: logger)
            }
        guard self.chunking.unit == .characters || self.chunking.size <= embedder.passageLimit else {
            throw StartError.passagesTooLong(
                size: self.chunking.size, limit: embedder.passageLimit, isConfigurable: self.embedding.service != nil)
        }
        return embedder
    }

    private func builtinEmbedder(threads: Int) async throws -> any Embedder {
        let pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
        let directory = self.embedding.modelPath
        return try await pool.runIfActive {
            try MiniLMEmbedder(directory: directory, threadPool: pool, threads: threads)
        }
    }

    private func serviceEmbedder(_ service: Config.Embedding.Service, logger: Logger) async throws -> any Embedder {
        let place = service.key
        // A key that cannot be read now is a mistake of the configuration; later, the service waits for a new one.
        _ = try await NIOThreadPool.singleton.runIfActive { try place?.readSecret(.apiKey) }
        let settings = EmbeddingService(
            address: "\(service.baseURL)/embeddings",
            model: self.embeddingModel,
            questionPrefix: service.queryPrefix,
            sendsDimensions: service.shortens,
            tokenLimit: service.maxTokens,
            batchInputs: service.batchInputs,
            batchTokens: service.batchTokens,
            concurrency: service.concurrency,
            timeout: service.timeout,
            patience: service.patience
        )
        guard let place else { return OpenAIEmbedder(service: settings, key: ServiceKey(nil), logger: logger) }
        let key = ServiceKey { try place.readSecret(.apiKey) }
        return OpenAIEmbedder(service: settings, key: key, logger: logger)
    }

    /// Cuts text as the configuration says, into passages that the embedder reads to their end.
    func chunker(for embedder: any Embedder) -> Chunker {
        let limits = Chunker.Limits(size: self.chunking.size, overlap: self.chunking.overlap)
        let countTokens: @Sendable (Substring) -> Int = { embedder.tokenCount($0) }
        guard self.chunking.unit == .characters else { return Chunker(limits: limits, countTokens: countTokens) }
        let (size, most) = (self.chunking.size, embedder.passageLimit)
        return Chunker(limits: limits, countTokens: countTokens) { text in
            // A passage of Chinese can be too long for the model at a fifth of the characters that English has.
            let share = (embedder.tokenCount(text) * size + most - 1) / most
            return max(text.unicodeScalars.count, share)
        }
    }
}

extension SearchService {
    /// Opens what a search needs, for a command that runs beside the daemon or without it.
    package init(config: Config, logger: Logger) async throws {
        let embedder = try await config.openEmbedder(threads: 1, logger: logger)
        let store = try await config.openStore(for: embedder.model, access: .readOnly, logger: logger)
        let pipelines = config.pipelines.map { PipelineID($0.id) }
        self.init(store: store, embedder: embedder, pipelines: pipelines, logger: logger)
    }
}

extension Embedder {
    /// The longest passage that is read to its end, in tokens; two go to the marks that the model wants around it.
    fileprivate var passageLimit: Int { self.tokenLimit - 2 }
}
