package import Ingest

/// A service that computes embeddings, and how much it may be asked for.
package struct EmbeddingService: Sendable {
    /// What the identity of its models says of who computes.
    package static let provider = "openai"

    /// Where requests go, complete: `https://api.openai.com/v1/embeddings`.
    package var address: String
    package var model: EmbeddingModel
    /// What is put before every question, as some models want: `query: `.
    ///
    /// Empty for nothing.
    package var questionPrefix: String
    /// Whether the service is asked for vectors of `model.dimensions`; it is an error to ask most models.
    package var sendsDimensions: Bool
    /// The longest text that the model reads to its end, in estimated tokens.
    package var tokenLimit: Int
    /// Texts, and estimated tokens, in one request.
    package var batchInputs: Int
    package var batchTokens: Int
    /// Requests at once.
    package var concurrency: Int
    /// For one request with its whole answer.
    package var timeout: Duration
    /// How long a text waits for a service that does not answer.
    package var patience: Duration
    /// How long nothing is asked after a first failure; doubled with each one after it, up to `longestDelay`.
    package var firstDelay: Duration

    package init(
        address: String,
        model: EmbeddingModel,
        questionPrefix: String = "",
        sendsDimensions: Bool = false,
        tokenLimit: Int = 512,
        batchInputs: Int = 32,
        batchTokens: Int = 100_000,
        concurrency: Int = 4,
        timeout: Duration = .seconds(60),
        patience: Duration = .seconds(60),
        firstDelay: Duration = .milliseconds(500)
    ) {
        self.address = address
        self.model = model
        self.questionPrefix = questionPrefix
        self.sendsDimensions = sendsDimensions
        self.tokenLimit = tokenLimit
        self.batchInputs = batchInputs
        self.batchTokens = batchTokens
        self.concurrency = concurrency
        self.timeout = timeout
        self.patience = patience
        self.firstDelay = firstDelay
    }
}
