import Ingest

/// Why an embedding service gave no vectors: what failed, why, and what to do about it.
///
/// Carries addresses, statuses and words of the API; never the key, never text.
package enum EmbeddingServiceError: DocumentError, Equatable {
    /// No connection, or one that broke; `reason` is the system's: `connection refused`.
    case unreachable(address: String, reason: String)
    /// No whole answer within the time that it may take.
    case slow(address: String)
    /// It asks for patience, or has a problem of its own: 408, 429 and 5xx.
    case busy(address: String, status: Int)
    /// It does not take the key, or wants one: 401 and 403.
    case refused(address: String, status: Int)
    /// The key cannot be read.
    case noKey(reason: String)
    /// There is no such API or model there: any status that no document can be the cause of.
    case misdirected(address: String, status: Int)
    /// It answers with vectors of another length.
    case otherDimensions(address: String, found: Int, expected: Int)
    /// The answer is not what was asked for: `it is no JSON`.
    case unusable(address: String, reason: String)
    /// It does not take this text: 400, 413 and 422; its word for it, if it has one.
    case rejected(status: Int, code: String?)

    package var typeName: String {
        switch self {
        case .unreachable: "EmbeddingServiceUnreachable"
        case .slow: "EmbeddingServiceSlow"
        case .busy: "EmbeddingServiceBusy"
        case .refused, .noKey: DocumentFailure.credentialsRefused
        case .misdirected: "EmbeddingServiceMisdirected"
        case .otherDimensions: "EmbeddingDimensions"
        case .unusable: "EmbeddingServiceUnusable"
        case .rejected: "EmbeddingRejected"
        }
    }

    /// All that is no document's fault is tried again: a person may have mended it by then.
    package var isTransient: Bool { !self.concernsDocument }

    package var concernsDocument: Bool {
        if case .rejected = self { return true }
        return false
    }

    /// Whether only a person can end it, so that asking again soon is useless.
    var needsPerson: Bool {
        switch self {
        case .refused, .noKey, .misdirected, .otherDimensions: true
        case .unreachable, .slow, .busy, .unusable, .rejected: false
        }
    }

    package var description: String {
        switch self {
        case .unreachable(let address, let reason):
            "cannot reach the embedding service at '\(address)': \(reason); it is asked again until it answers, "
                + "see that it runs and that 'embedding.base_url' is right"
        case .slow(let address):
            "the embedding service at '\(address)' did not answer in time; it is asked again until it does, "
                + "raise 'embedding.timeout' or lower 'embedding.batch_inputs' if that goes on"
        case .busy(let address, let status):
            "the embedding service at '\(address)' answers with status \(status); it is asked again until that is over"
        case .refused(let address, let status):
            "the embedding service at '\(address)' refuses the API key with status \(status); "
                + "put a valid one where 'embedding.api_key_file' or 'api_key_credential' says, it is then used at once"
        case .noKey(let reason): reason
        case .misdirected(let address, let status):
            "the embedding service at '\(address)' answers with status \(status), as if there were no such API or "
                + "model; correct 'embedding.base_url' or 'embedding.model' and restart the service"
        case .otherDimensions(let address, let found, let expected):
            "the embedding service at '\(address)' answers with vectors of \(found) numbers, not \(expected); "
                + "correct 'embedding.dimensions' or 'embedding.model' and restart the service"
        case .unusable(let address, let reason):
            "the answer of the embedding service at '\(address)' cannot be used: \(reason); it is asked again, "
                + "see that 'embedding.base_url' is an API of OpenAI's kind if that goes on"
        case .rejected(let status, let code):
            "the embedding service does not take a passage of this document: status \(status)"
                + (code.map { ", '\($0)'" } ?? "")
                + "; lower 'chunking.size' or 'embedding.max_tokens' if passages are too long for the model"
        }
    }
}

extension EmbeddingServiceError {
    /// What a status that is no success means.
    ///
    /// - Parameters:
    ///   - status: The HTTP status.
    ///   - body: The first bytes of the answer.
    ///   - service: Who answered.
    init(status: Int, body: some Sequence<UInt8>, from service: EmbeddingService) {
        switch status {
        case 401, 403: self = .refused(address: service.address, status: status)
        case 400, 413, 422: self = .rejected(status: status, code: EmbeddingAnswer.errorCode(in: body))
        case 408, 409, 425, 429, 500...: self = .busy(address: service.address, status: status)
        default: self = .misdirected(address: service.address, status: status)
        }
    }
}
