import EngineIO
import NIOCore
import NIOPosix
import NIOWebSocket

/// The server's end of one WebSocket: joins fragments, answers pings, bounds what waits to be written.
///
/// Messages of one read go to the session together. Frames come whole from the session and are written as they are.
final class WebSocketHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    /// Whose WebSocket it is.
    struct Owner: Sendable {
        let link: WebSocketLink
        let sid: Identifier
        let shard: SocketShard
    }

    private enum State {
        case open
        /// The close frame was sent; what still comes is dropped.
        case closing
        case closed
    }

    /// How long the client may take to answer a close frame.
    private static let closeGrace = TimeAmount.seconds(2)
    /// A message may come in any number of frames; honest clients use one, or a few.
    private static let fragmentLimit = 4_096

    private let maxMessageBytes: Int
    private let maxWaitingBytes: Int
    /// Whether a handler behind this one could hold back reads.
    private let keepsReading: Bool
    private var context: ChannelHandlerContext?
    private var state = State.open
    private var owner: Owner?
    private var messages: [Message] = []
    private var fragments: (opcode: WebSocketOpcode, bytes: ByteBuffer, count: Int)?
    private var reason = CloseReason.transportClose
    private var pongs = 0

    init(maxMessageBytes: Int, maxWaitingBytes: Int, keepsReading: Bool) {
        self.maxMessageBytes = maxMessageBytes
        self.maxWaitingBytes = maxWaitingBytes
        self.keepsReading = keepsReading
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// Tells whoever is behind this handler that nothing more comes for them.
    func endInput() { self.context?.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }

    func channelReadComplete(context: ChannelHandlerContext) {
        self.finishRead(context)
        if self.keepsReading { context.read() }
    }

    /// What came behind the handshake has been read; no event of the channel says so.
    func readLeftovers() {
        if let context = self.context { self.finishRead(context) }
    }

    private func finishRead(_ context: ChannelHandlerContext) {
        self.deliver()
        guard self.pongs > 0 else { return }
        self.pongs = 0
        context.flush()
        self.checkWaiting(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.deliver()
        self.state = .closed
        self.report()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let event as ChannelEvent where event == .inputClosed:
            context.close(promise: nil)
        case is ChannelShouldQuiesceEvent:
            self.close(.goingAway)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength: self.fail(.messageTooBig)
        case is NIOWebSocketError: self.fail(.protocolError)
        default: context.close(promise: nil)
        }
    }

    /// Swallows the half-close of whoever is behind this handler; the connection is not theirs any more.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode == .output { promise?.succeed() } else { context.close(mode: mode, promise: promise) }
    }
}

// MARK: - The session's side

extension WebSocketHandler {
    /// Learns whose it is, and delivers what came before.
    func attach(_ owner: Owner) {
        self.owner = owner
        self.deliver()
        if self.state == .closed { self.report() }
    }

    /// Writes whole frames and flushes once.
    func send(_ frames: [ByteBuffer]) {
        guard self.state == .open, let context = self.context else { return }
        for frame in frames { context.write(self.wrapOutboundOut(frame), promise: nil) }
        context.flush()
        self.checkWaiting(context)
    }

    /// Sends the close frame and gives the client some time to answer it.
    func close(_ code: WebSocketCloseCode) {
        guard self.state == .open, let context = self.context else { return }
        self.state = .closing
        self.messages = []
        self.fragments = nil
        let frame = WebSocketFraming.close(code: code.rawValue)
        context.writeAndFlush(self.wrapOutboundOut(frame), promise: nil)
        let channel = context.channel
        let grace = context.eventLoop.scheduleTask(in: Self.closeGrace) { channel.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in grace.cancel() }
    }

    private func deliver() {
        guard let owner = self.owner, !self.messages.isEmpty else { return }
        let messages = self.messages
        self.messages = []
        owner.shard.run { $0.received(messages, owner.link, owner.sid) }
    }

    /// Tells the session that its WebSocket is gone; later, because it may be the session that is closing it.
    private func report() {
        guard let owner = self.owner else { return }
        self.owner = nil
        let reason = self.reason
        owner.shard.eventLoop.execute {
            owner.shard.run { $0.closed(owner.link, owner.sid, reason) }
        }
    }

    /// Ends a connection whose client does not read what it is sent.
    private func checkWaiting(_ context: ChannelHandlerContext) {
        guard !context.channel.isWritable, self.state == .open,
            let waiting = try? context.channel.syncOptions?.getOption(.bufferedWritableBytes),
            waiting > self.maxWaitingBytes
        else { return }
        self.state = .closing
        self.reason = .slowClient
        self.messages = []
        let channel = context.channel
        context.eventLoop.execute { channel.close(promise: nil) }
    }
}

// MARK: - Frames

extension WebSocketHandler {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = self.unwrapInboundIn(data)
        guard self.state == .open else {
            if frame.opcode == .connectionClose { context.close(promise: nil) }
            return
        }
        guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else { return self.fail(.protocolError) }

        switch frame.opcode {
        case .text, .binary:
            guard self.fragments == nil else { return self.fail(.protocolError) }
            self.collect(frame.opcode, frame.unmaskedData, isLast: frame.fin)
        case .continuation:
            guard let opcode = self.fragments?.opcode else { return self.fail(.protocolError) }
            self.collect(opcode, frame.unmaskedData, isLast: frame.fin)
        case .ping:
            let pong = WebSocketFraming.control(.pong, frame.unmaskedData)
            context.write(self.wrapOutboundOut(pong), promise: nil)
            self.pongs += 1
        case .pong:
            break
        case .connectionClose:
            self.closedByClient(frame.unmaskedData, context)
        default:
            self.fail(.protocolError)
        }
    }

    private func collect(_ opcode: WebSocketOpcode, _ bytes: ByteBuffer, isLast: Bool) {
        if isLast, self.fragments == nil {
            self.append(opcode, bytes)
            return
        }
        var message = self.fragments ?? (opcode, ByteBuffer(), 0)
        self.fragments = nil
        message.bytes.writeImmutableBuffer(bytes)
        message.count += 1
        guard message.bytes.readableBytes <= self.maxMessageBytes, message.count <= Self.fragmentLimit else {
            return self.fail(.messageTooBig)
        }
        if isLast { self.append(opcode, message.bytes) } else { self.fragments = message }
    }

    private func append(_ opcode: WebSocketOpcode, _ bytes: ByteBuffer) {
        let bytes = Array(buffer: bytes)
        self.messages.append(opcode == .text ? .text(bytes) : .binary(bytes))
    }

    private func closedByClient(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        self.deliver()
        self.state = .closing
        let code = bytes.getInteger(at: bytes.readerIndex, as: UInt16.self) ?? WebSocketCloseCode.normalClosure.rawValue
        let isSendable = [1000...1003, 1007...1014, 3000...4999].contains { $0.contains(code) }
        let frame = WebSocketFraming.close(code: isSendable ? code : WebSocketCloseCode.protocolError.rawValue)
        context.writeAndFlush(self.wrapOutboundOut(frame), promise: nil)
        context.close(promise: nil)
    }

    private func fail(_ code: WebSocketCloseCode) {
        self.deliver()
        self.reason = .malformedPacket
        self.close(code)
    }
}
