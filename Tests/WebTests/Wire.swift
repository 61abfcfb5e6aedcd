import NIOCore
import NIOPosix
import Synchronization

/// A TCP connection to a server under test, spoken to in bytes.
final class Wire: Sendable {
    /// What a wait that took too long was for.
    struct TimedOut: Error, CustomStringConvertible {
        let what: String
        let received: String
        var description: String { "timed out waiting for \(self.what); received: \(self.received)" }
    }

    private struct State {
        var bytes: [UInt8] = []
        var isClosed = false
        var waiters: [EventLoopPromise<Void>] = []
    }

    private final class Inbox: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let state = Mutex(State())

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = Array(buffer: self.unwrapInboundIn(data))
            self.change { $0.bytes += bytes }
        }

        func channelInactive(context: ChannelHandlerContext) { self.change { $0.isClosed = true } }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func change(_ body: (inout State) -> Void) {
            let waiters = self.state.withLock { state in
                body(&state)
                defer { state.waiters = [] }
                return state.waiters
            }
            for waiter in waiters { waiter.succeed() }
        }
    }

    /// Far beyond what a loaded machine needs; a test that gets there has failed.
    private static let patience = TimeAmount.seconds(30)

    private let channel: any Channel
    private let inbox: Inbox

    private init(channel: any Channel, inbox: Inbox) {
        self.channel = channel
        self.inbox = inbox
    }

    /// Connects to a port of this machine.
    ///
    /// - Parameters:
    ///   - port: The port.
    ///   - reads: Whether to read all that comes; otherwise 4 kB at a time, when `readSome` asks for them.
    /// - Returns: The connection.
    /// - Throws: What NIO throws when it cannot.
    static func connect(port: Int, reads: Bool = true) async throws -> Wire {
        let inbox = Inbox()
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reads)
            .channelOption(.maxMessagesPerRead, value: reads ? 4 as UInt : 1 as UInt)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: reads ? 65_536 : 4_096))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(inbox) }
            }
        // Small, whatever the system's own sizes are: what is not read has to stay with the server.
        if !reads { _ = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: 262_144) }
        let channel = try await bootstrap.connect(host: "127.0.0.1", port: port).get()
        return Wire(channel: channel, inbox: inbox)
    }

    /// Sends bytes in one piece.
    func send(_ bytes: some Sequence<UInt8>) { self.channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

    /// Sends text in one piece.
    func send(_ text: String) { self.send(text.utf8) }

    /// Reads on from here as the bytes come.
    func startReading() {
        let largePieces = FixedSizeRecvByteBufferAllocator(capacity: 65_536)
        self.channel.setOption(.recvAllocator, value: largePieces).whenComplete { _ in }
        self.channel.setOption(.autoRead, value: true).whenComplete { _ in }
    }

    /// Bytes that have come and were not taken.
    var receivedBytes: Int { self.inbox.state.withLock { $0.bytes.count } }

    /// Reads, on a connection that does not by itself, until so many more bytes have come.
    func readSome(atLeast count: Int) async throws {
        let goal = self.receivedBytes + count
        while self.receivedBytes < goal {
            let before = self.receivedBytes
            self.channel.read()
            try await self.read("more bytes") { bytes, isClosed in bytes.count > before || isClosed ? () : nil }
            guard !self.isClosed else { return }
        }
    }

    private var isClosed: Bool { self.inbox.state.withLock { $0.isClosed } }

    /// Closes the connection.
    func close() { self.channel.close(promise: nil) }

    /// Waits until the server has closed the connection.
    func waitUntilClosed() async throws {
        try await self.read("the end of the connection") { _, isClosed in isClosed ? () : nil }
    }

    /// Waits until what has arrived holds a whole something, and takes it out.
    func read<Part: Sendable>(
        _ what: String,
        _ take: @Sendable (inout [UInt8], _ isClosed: Bool) throws -> Part?
    ) async throws -> Part {
        let deadline = NIODeadline.now() + Self.patience
        while true {
            let promise = self.channel.eventLoop.makePromise(of: Void.self)
            let part = try self.inbox.state.withLock { state in
                let part = try take(&state.bytes, state.isClosed)
                if part == nil { state.waiters.append(promise) }
                return part
            }
            if let part {
                promise.succeed()
                return part
            }
            let alarm = self.channel.eventLoop.scheduleTask(deadline: deadline) {
                promise.fail(TimedOut(what: what, received: self.received))
            }
            defer { alarm.cancel() }
            try await promise.futureResult.get()
        }
    }

    private var received: String {
        self.inbox.state.withLock { String(decoding: $0.bytes.prefix(300), as: UTF8.self) }
    }
}
