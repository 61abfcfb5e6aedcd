import DequeModule
import EngineIO
import Glibc
import NIOCore

/// The server's end of one WebSocket: cuts and joins frames, answers pings, bounds what waits to be written.
///
/// It stands alone in its channel. Frames come whole from the session and are written as they are; once the channel
/// has enough of them they wait in here, where they can be counted.
final class WebSocketHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    /// Whose WebSocket it is.
    enum Owner {
        case none
        /// A session on this event loop.
        case near(SocketLoop, ClientSession)
        /// A session on another event loop.
        case far(SocketShard, Identifier)
    }

    enum State {
        case open
        /// The close frame was sent; what still comes is dropped.
        case closing
        case closed
    }

    /// How long the client may take to answer a close frame.
    private static let closeGrace = TimeAmount.seconds(2)

    /// The most that may wait for the client.
    private let limit: Backlog
    /// Whether a handler behind this one could hold back reads.
    private let keepsReading: Bool
    private let decoder: FrameDecoder
    private var assembler: MessageAssembler
    private var context: ChannelHandlerContext?
    /// The socket, for writes that need nothing of the channel; nil where there is none, and once it may be closed.
    ///
    /// Nothing stands between this handler and the socket: the server speaks no TLS itself. NIO closes the socket and
    /// tells of it (`channelInactive`) in one go, so no write can meet a descriptor that has been given to another.
    private var socket: NIOBSDSocket.Handle?
    /// Writes that the channel has not finished: nothing may pass them by.
    private var channelWrites = 0
    private var link: WebSocketLink?
    private var owner = Owner.none
    private(set) var state = State.open
    /// Bytes of a frame that is not whole yet.
    private var unread: ByteBuffer?
    /// Messages that wait for their owner.
    private var messages: [Message] = []
    /// What the channel has no room for.
    private var backlog: Deque<(frames: ByteBuffer, packets: Int)> = []
    private var waiting = Backlog.none
    /// As the channel last said: asking it each time costs more than writing.
    private var isWritable = true
    private var isWriting = false
    private var reason = CloseReason.transportClose
    private var mustFlush = false

    init(maxMessageBytes: Int, limit: Backlog, keepsReading: Bool) {
        self.limit = limit
        self.keepsReading = keepsReading
        self.decoder = FrameDecoder(maxBytes: maxMessageBytes)
        self.assembler = MessageAssembler(maxBytes: maxMessageBytes)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // What the channel still has to write, the handshake's answer, goes first.
        guard (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) == 0 else { return }
        self.socket = try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { $0 }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        self.socket = nil
    }

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
        guard self.mustFlush else { return }
        self.mustFlush = false
        context.flush()
        if !self.isWritable { self.measure(context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.deliver()
        self.state = .closed
        self.socket = nil
        self.backlog = []
        self.report()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let event as ChannelEvent where event == .inputClosed:
            context.close(promise: nil)
        case is ChannelShouldQuiesceEvent:
            // The session closes it, in its turn: all clients at once would come back at once.
            break
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// Swallows the half-close of whoever is behind this handler; the connection is not theirs any more.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode != .output else {
            promise?.succeed()
            return
        }
        self.socket = nil
        context.close(mode: mode, promise: promise)
    }
}

// MARK: - To the client

extension WebSocketHandler {
    /// Writes whole frames and flushes once, or keeps them until the channel has room.
    func send(_ frames: ByteBuffer, packets: Int) {
        guard self.state == .open, let context = self.context else { return }
        if self.isWritable, self.backlog.isEmpty {
            // The channel may say that it is full before it has tried: what counts is what is left then.
            guard let rest = self.sendAtOnce(frames) else { return }
            self.isWriting = true
            self.hand(rest, to: context)
            context.flush()
            self.isWriting = false
        } else {
            self.write(frames, packets: packets, context)
        }
        if !self.isWritable { self.measure(context) }
    }

    private func write(_ frames: ByteBuffer, packets: Int, _ context: ChannelHandlerContext) {
        if self.backlog.isEmpty, self.isWritable {
            self.hand(frames, to: context)
        } else {
            self.backlog.append((frames, packets))
            self.waiting.bytes += frames.readableBytes
            self.waiting.packets += packets
        }
    }

    /// Writes to the socket, past the channel, whose own work costs half as much as the system call.
    ///
    /// - Returns: What the socket did not take; nil if that is nothing.
    private func sendAtOnce(_ frames: ByteBuffer) -> ByteBuffer? {
        guard let socket = self.socket, self.channelWrites == 0 else { return frames }
        let sent = frames.withUnsafeReadableBytes { bytes in
            Glibc.send(socket, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT))
        }
        guard sent < frames.readableBytes else { return nil }
        // An error is for the channel, which meets the same one.
        var rest = frames
        rest.moveReaderIndex(forwardBy: max(sent, 0))
        return rest
    }

    /// Gives frames to the channel.
    private func hand(_ frames: ByteBuffer, to context: ChannelHandlerContext) {
        self.channelWrites += 1
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { _ in self.channelWrites -= 1 }
        context.write(self.wrapOutboundOut(frames), promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.isWritable = context.channel.isWritable
        if self.isWritable, !self.backlog.isEmpty {
            while context.channel.isWritable, let next = self.backlog.popFirst() {
                self.waiting.bytes -= next.frames.readableBytes
                self.waiting.packets -= next.packets
                self.hand(next.frames, to: context)
            }
            context.flush()
        }
        if !self.isWriting { self.measure(context) }
    }

    /// Lets the session know how far its client is behind, and ends the connection of one that is too far.
    private func measure(_ context: ChannelHandlerContext) {
        var backlog = self.waiting
        if !self.isWritable {
            backlog.bytes += (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        }
        self.link?.backlog = backlog
        guard backlog.exceeds(self.limit), self.state == .open else { return }
        self.state = .closing
        self.reason = .slowClient
        self.messages = []
        self.backlog = []
        let channel = context.channel
        context.eventLoop.execute { channel.close(promise: nil) }
    }

    /// Sends what still waits, then the close frame, and gives the client some time to answer it.
    func close(_ code: WebSocketCloseCode) {
        guard self.state == .open, let context = self.context else { return }
        self.state = .closing
        self.messages = []
        self.unread = nil
        for next in self.backlog { context.write(self.wrapOutboundOut(next.frames), promise: nil) }
        self.backlog = []
        let frame = WebSocketFraming.close(code: code.rawValue)
        context.writeAndFlush(self.wrapOutboundOut(frame), promise: nil)
        let channel = context.channel
        let grace = context.eventLoop.scheduleTask(in: Self.closeGrace) { channel.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in grace.cancel() }
    }
}

// MARK: - From the client

extension WebSocketHandler {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = self.unwrapInboundIn(data)
        if case .near(let sockets, _) = self.owner {
            sockets.collect { self.read(bytes, context) }
        } else {
            self.read(bytes, context)
        }
    }

    private func read(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        var buffer = bytes
        if var unread = self.unread.take() {
            unread.writeImmutableBuffer(buffer)
            buffer = unread
        }
        let start = buffer.readerIndex
        do throws(FrameDecoder.Failure) {
            while self.state != .closed, let frame = try self.decoder.next(&buffer) {
                try self.take(frame, context)
            }
        } catch {
            return self.fail(error.code)
        }
        guard self.state == .open, buffer.readableBytes > 0 else { return }
        // Most of the time nothing is left. A rest is copied once, so that it does not keep a whole read alive; a
        // large frame, of which nothing has been taken, grows in place.
        self.unread = buffer.readerIndex == start && start == 0 ? buffer : ByteBuffer(bytes: buffer.readableBytesView)
    }

    private func take(_ frame: Frame, _ context: ChannelHandlerContext) throws(FrameDecoder.Failure) {
        guard self.state == .open else {
            if frame.opcode == .close { context.close(promise: nil) }
            return
        }
        switch frame.opcode {
        case .text, .binary, .continuation:
            if let message = try self.assembler.add(frame) { self.hand(message) }
        case .ping:
            self.write(WebSocketFraming.control(.pong, frame.bytes), packets: 1, context)
            self.mustFlush = true
        case .pong:
            break
        case .close:
            try self.closedByClient(frame.bytes, context)
        }
    }

    private func closedByClient(_ bytes: [UInt8], _ context: ChannelHandlerContext) throws(FrameDecoder.Failure) {
        self.deliver()
        guard bytes.count != 1 else { throw FrameDecoder.Failure(code: .protocolError) }
        guard String(validating: bytes.dropFirst(2), as: UTF8.self) != nil else {
            throw FrameDecoder.Failure(code: .invalidText)
        }
        let code = bytes.isEmpty ? WebSocketCloseCode.normalClosure.rawValue : UInt16(bytes[0]) << 8 | UInt16(bytes[1])
        let isSendable = [1000...1003, 1007...1014, 3000...4999].contains { $0.contains(code) }
        self.state = .closing
        let frame = WebSocketFraming.close(code: isSendable ? code : WebSocketCloseCode.protocolError.rawValue)
        context.writeAndFlush(self.wrapOutboundOut(frame), promise: nil)
        context.close(promise: nil)
    }

    private func fail(_ code: WebSocketCloseCode) {
        self.deliver()
        self.reason =
            switch code {
            case .invalidText: .invalidText
            case .messageTooBig: .messageTooLarge
            default: .malformedPacket
            }
        self.close(code)
    }
}

// MARK: - To the session

extension WebSocketHandler {
    /// Learns whose it is, and delivers what came before.
    func attach(_ owner: Owner, _ link: WebSocketLink) {
        self.owner = owner
        self.link = link
        self.deliver()
        if self.state == .closed { self.report() }
    }

    /// Gives a message to a session on this event loop at once, to one elsewhere with all others of this read.
    private func hand(_ message: Message) {
        if case .near(let sockets, let client) = self.owner, let link = self.link {
            sockets.received(message, link, client)
        } else {
            self.messages.append(message)
        }
    }

    private func deliver() {
        guard !self.messages.isEmpty, let link = self.link else { return }
        let messages = self.messages
        self.messages = []
        switch self.owner {
        case .none:
            self.messages = messages
        case .near(let sockets, let client):
            sockets.batch {
                for message in messages { sockets.received(message, link, client) }
            }
        case .far(let shard, let sid):
            shard.run { sockets in
                guard let client = sockets.sessions[sid] else { return }
                for message in messages { sockets.received(message, link, client) }
            }
        }
    }

    /// Tells the session that its WebSocket is gone; later, because it may be the session that is closing it.
    private func report() {
        guard let link = self.link else { return }
        let reason = self.reason
        switch self.owner {
        case .none:
            return
        case .near(let sockets, let client):
            let (shard, sid) = (sockets.shard, client.sid)
            shard.eventLoop.execute { shard.run { $0.closed(link, sid, reason) } }
        case .far(let shard, let sid):
            shard.eventLoop.execute { shard.run { $0.closed(link, sid, reason) } }
        }
        self.owner = .none
        self.link = nil
    }
}
