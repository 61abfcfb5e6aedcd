import FoundationEssentials
import Ingest
import Logging
import Processing
import Synchronization
import Testing

@Suite("Embedding service over HTTP")
struct OpenAIEmbedderTests {
    private static let texts = ["one fish", "two fish", "red fish"]

    static func settings(_ service: FakeService) -> EmbeddingService {
        EmbeddingService(
            address: service.address,
            model: EmbeddingModel(provider: "openai", name: "fake", dimensions: FakeService.dimensions),
            batchInputs: 8,
            concurrency: 2,
            timeout: .seconds(30),
            firstDelay: .milliseconds(1)
        )
    }

    static func embedder(
        _ service: FakeService,
        key: ServiceKey = ServiceKey(nil),
        _ change: (inout EmbeddingService) -> Void = { _ in }
    ) -> OpenAIEmbedder {
        var settings = Self.settings(service)
        change(&settings)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return OpenAIEmbedder(service: settings, key: key, logger: logger)
    }

    private static func right(_ texts: [String]) -> [[Float]] {
        texts.map { text in
            let vector = FakeService.vector(of: text, dimensions: FakeService.dimensions)
            let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return vector.map { Float($0 / length) }
        }
    }

    private static func isRight(_ vectors: [[Float]], for texts: [String]) -> Bool {
        let right = Self.right(texts)
        return vectors.count == right.count
            && zip(vectors, right).allSatisfy { zip($0, $1).allSatisfy { abs($0 - $1) < 1e-5 } }
    }

    @Test func requestsSayWhatTheApiWants() async throws {
        try await FakeService.with { service in
            let key = ServiceKey { Array("sk-secret".utf8) }
            _ = try await Self.embedder(service, key: key).embed(Self.texts)
            _ = try await Self.embedder(service) { $0.sendsDimensions = true }.embed(["x"])
            let seen = service.seen.withLock { $0 }
            #expect(seen.map(\.path) == ["/v1/embeddings", "/v1/embeddings"])
            #expect(seen.map(\.authorization) == ["Bearer sk-secret", nil])
            #expect(seen.map(\.request.model) == ["fake", "fake"])
            #expect(seen.map(\.request.input) == [Self.texts, ["x"]])
            #expect(seen.map(\.request.dimensions) == [nil, FakeService.dimensions])
            #expect(seen.map(\.request.format) == ["float", "float"])
        }
    }

    @Test func prefixesStandBeforePassagesAndQuestionsAndTakeTheirRoom() async throws {
        try await FakeService.with { service in
            let embedder = Self.embedder(service) {
                $0.model.passagePrefix = "passage: "
                $0.questionPrefix = "query: "
                $0.tokenLimit = 20
            }
            _ = try await embedder.embed(Self.texts)
            _ = try await embedder.embedQuestion("one fish")
            let long = String(repeating: "fish ", count: 100)
            _ = try await embedder.embed([long])
            _ = try await embedder.embedQuestion(long)
            let seen = service.seen.withLock { $0.map(\.request.input) }
            #expect(seen[0] == ["passage: one fish", "passage: two fish", "passage: red fish"])
            #expect(seen[1] == ["query: one fish"])
            for (input, prefix) in zip(seen[2...].flatMap { $0 }, ["passage: fish", "query: fish"]) {
                #expect(input.hasPrefix(prefix) && TokenEstimate.count(input[...]) == 18)
            }
            // A passage that fills what is left is sent to its end.
            let room = embedder.tokenLimit - 2
            #expect(room + TokenEstimate.count("passage: ") + 2 == 20)
        }
    }

    struct Passing: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var faults: [FakeService.Fault]
        /// How many requests it takes.
        var requests: Int
    }

    @Test(arguments: [
        Passing(testDescription: "429", faults: [.status(429, headers: [("Retry-After", "0")])], requests: 2),
        Passing(testDescription: "429 without a time", faults: [.status(429), .status(429)], requests: 3),
        Passing(testDescription: "500 and 503", faults: [.status(500), .status(503), .status(529)], requests: 4),
        Passing(testDescription: "truncated", faults: [.truncated], requests: 2),
        Passing(testDescription: "no JSON", faults: [.body("<html>")], requests: 2),
        Passing(
            testDescription: "cut JSON", faults: [.body(#"{"data": [{"index": 0, "embedding": [1, 2"#)], requests: 2),
        Passing(testDescription: "one too few", faults: [.changed { $0.data.removeLast() }], requests: 2),
        Passing(testDescription: "one twice", faults: [.changed { $0.data[1].index = 0 }], requests: 2),
        Passing(
            testDescription: "not a number", faults: [.body(#"{"data": [{"index": 0, "embedding": [NaN]}]}"#)],
            requests: 2),
        Passing(
            testDescription: "too large a number", faults: [.changed { $0.data[0].embedding[3] = 1e300 }], requests: 2),
        Passing(
            testDescription: "all zeros",
            faults: [.changed { $0.data[2].embedding = $0.data[2].embedding.map { _ in 0 } }], requests: 2),
        Passing(testDescription: "too long", faults: [.endless], requests: 2),
        Passing(testDescription: "other order", faults: [.changed { $0.data.reverse() }], requests: 1),
        Passing(
            testDescription: "no numbers", faults: [.changed { for i in $0.data.indices { $0.data[i].index = nil } }],
            requests: 1),
    ])
    func whatPassesIsTriedAgain(_ example: Passing) async throws {
        try await FakeService.with { service in
            service.faults.withLock { $0.next = example.faults }
            let vectors = try await Self.embedder(service).embed(Self.texts)
            #expect(Self.isRight(vectors, for: Self.texts))
            #expect(service.seen.withLock { $0.count } == example.requests)
        }
    }

    @Test func silenceEndsAtTheTimeout() async throws {
        try await FakeService.with { service in
            service.fail(.silent)
            let vectors = try await Self.embedder(service) { $0.timeout = .milliseconds(200) }.embed(Self.texts)
            #expect(Self.isRight(vectors, for: Self.texts))
            #expect(service.seen.withLock { $0.count } >= 2)
        }
    }

    @Test func askedForPatienceNothingIsSentBefore() async throws {
        try await FakeService.with { service in
            service.keepFailing(.status(429, headers: [("Retry-After", "3600")]))
            let embedder = Self.embedder(service) { $0.patience = .milliseconds(20) }
            for _ in 0..<3 {
                let error = await #expect(throws: EmbeddingServiceError.self) { try await embedder.embed(Self.texts) }
                #expect(error == .busy(address: service.address, status: 429))
                #expect(error?.isTransient == true && error?.concernsDocument == false)
            }
            #expect(service.seen.withLock { $0.count } == 1)
            await #expect(throws: EmbeddingServiceError.self) { try await embedder.embedQuestion("where is it") }
            #expect(service.seen.withLock { $0.count } == 1, "a question does not wait either")
        }
    }

    struct Refusing: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var fault: FakeService.Fault
        var typeName: String
    }

    @Test(arguments: [
        Refusing(testDescription: "401", fault: .status(401), typeName: "CredentialsRefused"),
        Refusing(testDescription: "403", fault: .status(403), typeName: "CredentialsRefused"),
        Refusing(testDescription: "404", fault: .status(404), typeName: "EmbeddingServiceMisdirected"),
        Refusing(
            testDescription: "redirection", fault: .status(307, headers: [("Location", "http://127.0.0.1:1/")]),
            typeName: "EmbeddingServiceMisdirected"),
        Refusing(
            testDescription: "other dimensions", fault: .changed { $0.data[0].embedding.removeLast() },
            typeName: "EmbeddingDimensions"),
    ])
    func whatOnlyAPersonCanMendIsSaidAtOnce(_ example: Refusing) async throws {
        try await FakeService.with { service in
            service.fail(example.fault)
            let embedder = Self.embedder(service)
            let error = await #expect(throws: EmbeddingServiceError.self) { try await embedder.embed(Self.texts) }
            #expect(error?.typeName == example.typeName)
            #expect(error?.isTransient == true && error?.concernsDocument == false)
            #expect(service.seen.withLock { $0.count } == 1)
            let vectors = try await embedder.embed(Self.texts)
            #expect(Self.isRight(vectors, for: Self.texts), "it goes on by itself")
        }
    }

    @Test func aNewKeyIsReadAfterARefusal() async throws {
        try await FakeService.with { service in
            let keys = Keys(["old", "new"])
            let embedder = Self.embedder(service, key: ServiceKey { Array(keys.next().utf8) })
            _ = try await embedder.embed(["a"])
            service.fail(.status(401))
            await #expect(throws: EmbeddingServiceError.self) { try await embedder.embed(["b"]) }
            _ = try await embedder.embed(["c"])
            #expect(service.seen.withLock { $0.map(\.authorization) } == ["Bearer old", "Bearer old", "Bearer new"])
        }
    }

    @Test(arguments: [400, 413, 422])
    func aRefusedTextFailsItsDocument(_ status: Int) async throws {
        try await FakeService.with { service in
            service.keepFailing(
                .status(status, body: #"{"error": {"code": "sk-SECRET one fish", "message": "one fish"}}"#))
            let error = await #expect(throws: EmbeddingServiceError.self) {
                try await Self.embedder(service).embed(["one fish"])
            }
            #expect(error == .rejected(status: status, code: nil), "no word of the service that could be a text")
            #expect(error?.isTransient == false && error?.concernsDocument == true)
        }
    }

    @Test func aServiceThatTakesFewerAtOnceGetsFewer() async throws {
        try await FakeService.with { service in
            service.fail(.status(413), .status(422))
            let texts = (0..<8).map { "text number \($0)" }
            let vectors = try await Self.embedder(service).embed(texts)
            #expect(Self.isRight(vectors, for: texts))
            #expect(service.seen.withLock { $0.map(\.request.input.count) } == [8, 4, 2, 2, 4])
        }
    }

    @Test func theServicesWordForARefusalIsTold() async throws {
        try await FakeService.with { service in
            service.keepFailing(.refusing("long"))
            let embedder = Self.embedder(service)
            let error = await #expect(throws: EmbeddingServiceError.self) { try await embedder.embed(["long"]) }
            #expect(error == .rejected(status: 400, code: "too_long"))
        }
    }

    @Test func nobodyListens() async throws {
        let address = try await FakeService.with { $0.address }
        try await FakeService.with { service in
            let embedder = Self.embedder(service) {
                $0.address = address
                $0.patience = .milliseconds(20)
            }
            let error = await #expect(throws: EmbeddingServiceError.self) { try await embedder.embed(["x"]) }
            #expect(error?.typeName == "EmbeddingServiceUnreachable" && error?.concernsDocument == false)
        }
    }
}

/// Keys as a file would have them one after the other.
private final class Keys: Sendable {
    private let rest: Mutex<[String]>

    init(_ keys: [String]) { self.rest = Mutex(keys) }

    func next() -> String { self.rest.withLock { $0.removeFirst() } }
}
