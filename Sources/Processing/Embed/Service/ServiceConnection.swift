import AsyncHTTPClient
import FoundationEssentials
import Ingest
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

/// Sends texts to an embedding service: with a key, paced, and again where that can help.
struct ServiceConnection: Sendable {
    /// Attempts before a request is given up, if its patience lasts that long.
    private static let attempts = 8
    /// The most of a refusal that is read.
    private static let errorLimit = 64 << 10
    /// For one question of somebody who waits.
    static let questionTimeout = Duration.seconds(10)

    /// Lives as long as the process.
    ///
    /// A redirection would take the key elsewhere: none is followed. A connection that is refused is an error at once;
    /// when it is tried again the pacer decides, for all requests together.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.timeout.connect = .seconds(10)
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    private let service: EmbeddingService
    private let key: ServiceKey
    private let logger: Logger
    private let pacer: SharedServicePacer

    init(service: EmbeddingService, key: ServiceKey, logger: Logger) {
        self.service = service
        self.key = key
        self.logger = logger
        self.pacer = SharedServicePacer(firstDelay: service.firstDelay, logger: logger)
    }

    /// Embeds texts, again and again as long as the service has a problem of its own and the patience lasts.
    ///
    /// - Returns: One vector a text, of unit length.
    /// - Throws: `EmbeddingServiceError`, `CancellationError`.
    func vectors(of texts: [String]) async throws -> [[Float]] {
        let end = ContinuousClock.now + self.service.patience
        var attempt = 1
        while true {
            try await self.pacer.turn(until: end)
            do {
                return try await self.attempt(texts, timeout: self.service.timeout)
            } catch let error as EmbeddingServiceError {
                guard !error.concernsDocument, !error.needsPerson, attempt < Self.attempts else { throw error }
                attempt += 1
            }
        }
    }

    /// Embeds one text for somebody who waits: once, and not at all while the service is known not to answer.
    func vector(ofQuestion text: String) async throws -> [Float]? {
        if let problem = self.pacer.problem { throw problem }
        return try await self.attempt([text], timeout: min(Self.questionTimeout, self.service.timeout)).first
    }

    private func attempt(_ texts: [String], timeout: Duration) async throws -> [[Float]] {
        var retryAfter: Duration?
        let problem: EmbeddingServiceError
        do {
            let reply = try await self.exchange(texts, timeout: timeout)
            retryAfter = reply.retryAfter
            let vectors = try reply.vectors(of: texts.count, from: self.service)
            self.pacer.answered()
            return vectors
        } catch let error as EmbeddingServiceError {
            problem = error
        } catch {
            try Task.checkCancellation()
            problem = .unreachable(address: self.service.address, reason: Self.reason(error))
        }
        if case .refused = problem { self.key.forget() }
        if problem.concernsDocument {
            self.pacer.answered()
        } else {
            self.pacer.failed(problem, retryAfter: retryAfter)
        }
        throw problem
    }

    /// Sends one request and reads its answer, both within the time.
    private func exchange(_ texts: [String], timeout: Duration) async throws -> ServiceReply {
        let request = try await self.request(texts)
        let sizeLimit = EmbeddingAnswer.sizeLimit(vectors: texts.count, dimensions: self.service.model.dimensions)
        let address = self.service.address
        return try await withThrowingTaskGroup(of: ServiceReply?.self) { group in
            group.addTask {
                let response = try await Self.client.execute(request, timeout: .nanoseconds(timeout.nanoseconds))
                let isSuccess = (200..<300).contains(response.status.code)
                let limit = isSuccess ? sizeLimit : Self.errorLimit
                return ServiceReply(
                    status: Int(response.status.code),
                    body: try await Self.body(of: response, limit: limit),
                    retryAfter: RetryAfter.duration(response.headers.first(name: "Retry-After"), now: Date())
                )
            }
            group.addTask {
                try await Task.sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let reply = first else {
                throw EmbeddingServiceError.slow(address: address)
            }
            return reply
        }
    }

    /// The body as far as the limit, and a byte more where it is longer.
    private static func body(of response: HTTPClientResponse, limit: Int) async throws -> Data {
        var body = Data()
        for try await part in response.body {
            body.append(contentsOf: part.readableBytesView.prefix(limit + 1 - body.count))
            if body.count > limit { break }
        }
        return body
    }

    private func request(_ texts: [String]) async throws -> HTTPClientRequest {
        var request = HTTPClientRequest(url: self.service.address)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "User-Agent", value: "corpusd")
        if let key = try await self.key.value() { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
        let body = EmbeddingRequestBody(
            model: self.service.model.name,
            input: texts,
            dimensions: self.service.sendsDimensions ? self.service.model.dimensions : nil
        )
        request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(body)))
        return request
    }

    /// Why a connection broke, without what was sent over it.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as HTTPClientError where error == .connectTimeout: "no connection within 10 s"
        case let error as HTTPClientError: "\(error.shortDescription)"
        case let error as NIOConnectionError: "no connection to '\(error.host)' on port \(error.port)"
        case let error as IOError: "the connection broke with system error \(error.errnoCode)"
        default: "the connection broke with \(type(of: error))"
        }
    }
}

/// An answer of the service, not looked into yet.
struct ServiceReply: Sendable {
    var status: Int
    /// One byte longer than it may be where it was cut off.
    var body: Data
    var retryAfter: Duration?

    func vectors(of count: Int, from service: EmbeddingService) throws(EmbeddingServiceError) -> [[Float]] {
        guard (200..<300).contains(self.status) else {
            throw EmbeddingServiceError(status: self.status, body: self.body, from: service)
        }
        let limit = EmbeddingAnswer.sizeLimit(vectors: count, dimensions: service.model.dimensions)
        guard self.body.count <= limit else {
            throw .unusable(address: service.address, reason: "it has more than \(limit) bytes")
        }
        return try EmbeddingAnswer.vectors(in: self.body, count: count, from: service)
    }
}

extension Duration {
    /// Whole nanoseconds, for spans of a few hours at most.
    fileprivate var nanoseconds: Int64 { Int64(self / .nanoseconds(1)) }
}
