import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An embedding service of OpenAI's kind on a real socket of this process, which does wrong what it is told to.
///
/// Its vectors count words; a few words that mean much the same count as one.
final class FakeService: Sendable {
    /// What to do with one request instead of answering it as it should be.
    enum Fault: Sendable {
        case status(Int, headers: [(String, String)] = [], body: String = "{}")
        /// An answer of this text, whatever was asked.
        case body(String)
        /// The right answer, changed.
        case changed(@Sendable (inout Reply) -> Void)
        /// The beginning of the right answer, and then the end of the connection.
        case truncated
        /// A right answer and more bytes behind it than anybody should read.
        case endless
        /// Nothing, ever.
        case silent
        /// A refusal of all texts with this word in them.
        case refusing(String)
    }

    struct Reply: Codable {
        struct Item: Codable {
            var index: Int?
            var embedding: [Double]
        }

        var object = "list"
        var data: [Item]
    }

    struct Request: Codable, Sendable {
        var model: String
        var input: [String]
        var dimensions: Int?
        var format: String?

        private enum CodingKeys: String, CodingKey {
            case model, input, dimensions
            case format = "encoding_format"
        }
    }

    struct Seen: Sendable {
        var request: Request
        var authorization: String?
        var path: String
    }

    static let dimensions = 64

    /// One for each request to come, and what is done with all after them.
    let faults = Mutex<(next: [Fault], lasting: Fault?)>(([], nil))
    let seen = Mutex<[Seen]>([])
    private let gate = Mutex<(isClosed: Bool, waiting: [@Sendable () -> Void])>((false, []))
    private let channel = Mutex<(any Channel)?>(nil)

    var port: Int { self.channel.withLock { $0?.localAddress?.port } ?? 0 }
    var address: String { "http://127.0.0.1:\(self.port)/v1/embeddings" }

    /// Runs a test with a service that listens.
    static func with<Result>(_ body: (FakeService) async throws -> Result) async throws -> Result {
        let service = FakeService()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(FakeServiceHandler(service))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        service.channel.withLock { $0 = channel }
        do {
            let result = try await body(service)
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }

    func fail(_ faults: Fault...) { self.faults.withLock { $0.next = faults } }
    func keepFailing(_ fault: Fault) { self.faults.withLock { $0.lasting = fault } }

    /// Holds every request up until `open`.
    func close() { self.gate.withLock { $0.isClosed = true } }

    func open() {
        let waiting = self.gate.withLock { gate in
            defer { gate.waiting = [] }
            gate.isClosed = false
            return gate.waiting
        }
        for answer in waiting { answer() }
    }

    /// How many requests wait behind the gate.
    var held: Int { self.gate.withLock { $0.waiting.count } }

    fileprivate func pass(_ answer: @escaping @Sendable () -> Void) {
        let isOpen = self.gate.withLock { gate in
            if gate.isClosed { gate.waiting.append(answer) }
            return !gate.isClosed
        }
        if isOpen { answer() }
    }

    fileprivate func nextFault() -> Fault? {
        self.faults.withLock { $0.next.isEmpty ? $0.lasting : $0.next.removeFirst() }
    }

    static func vector(of text: String, dimensions: Int) -> [Double] {
        let alike: Set<Substring> = ["install", "package", "software", "add", "apt", "get", "system"]
        var vector = [Double](repeating: 0, count: dimensions)
        vector[0] = 0.1
        for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
            let word = alike.contains(word) ? "package" : word
            // FNV-1a, the same in every process.
            let hash = word.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
            vector[1 + Int(hash % UInt64(dimensions - 1))] += 1
        }
        return vector
    }
}

private final class FakeServiceHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let service: FakeService
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()

    init(_ service: FakeService) { self.service = service }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            self.body.clear()
        case .body(var part): self.body.writeBuffer(&part)
        case .end: self.answer(context)
        }
    }

    private func answer(_ context: ChannelHandlerContext) {
        guard let head,
            let request = try? JSONDecoder().decode(
                FakeService.Request.self, from: Data(self.body.readableBytesView))
        else { return context.close(promise: nil) }
        self.service.seen.withLock {
            $0.append(
                FakeService.Seen(
                    request: request, authorization: head.headers.first(name: "Authorization"), path: head.uri))
        }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        let loop = context.eventLoop
        self.service.pass {
            loop.execute { handler.value.answer(request, bound.value) }
        }
    }

    private func answer(_ request: FakeService.Request, _ context: ChannelHandlerContext) {
        let dimensions = request.dimensions ?? FakeService.dimensions
        var reply = FakeService.Reply(
            data: request.input.enumerated().map {
                .init(index: $0, embedding: FakeService.vector(of: $1, dimensions: dimensions))
            }
        )
        switch self.service.nextFault() {
        case nil: self.send(reply, context)
        case .status(let status, let headers, let body)?:
            self.send(Array(body.utf8), status: status, headers: headers, context)
        case .body(let text)?: self.send(Array(text.utf8), context)
        case .changed(let change)?:
            change(&reply)
            self.send(reply, context)
        case .truncated?:
            let bytes = self.encoded(reply)
            self.send(Array(bytes.prefix(bytes.count / 2)), length: bytes.count, context)
            context.close(promise: nil)
        case .endless?:
            let padding = String(repeating: " ", count: 1 << 20)
            self.send(self.encoded(reply) + Array(padding.utf8), context)
        case .silent?: return
        case .refusing(let word)?:
            guard request.input.contains(where: { $0.contains(word) }) else { return self.send(reply, context) }
            self.send(Array(#"{"error": {"code": "too_long", "message": "no"}}"#.utf8), status: 400, context)
        }
    }

    private func encoded(_ reply: FakeService.Reply) -> [UInt8] {
        (try? JSONEncoder().encode(reply)).map { [UInt8]($0) } ?? []
    }

    private func send(_ reply: FakeService.Reply, _ context: ChannelHandlerContext) {
        self.send(self.encoded(reply), context)
    }

    private func send(
        _ bytes: [UInt8],
        status: Int = 200,
        headers: [(String, String)] = [],
        length: Int? = nil,
        _ context: ChannelHandlerContext
    ) {
        let fields = HTTPHeaders([("Content-Length", "\(length ?? bytes.count)")] + headers)
        let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: fields)
        context.write(self.wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
        if length == nil { context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil) }
    }
}
