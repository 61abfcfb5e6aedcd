import DequeModule
import EngineIO
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
    static let closeGrace = TimeAmount.seconds(2)

    /// The most that may wait for the client.
    let limit: Backlog
    /// Whether a handler behind this one could hold back reads.
    private let keepsReading: Bool
    /// Whether TLS stands between this handler and the socket, which then takes no frames.
    private let isSecure: Bool
    let decoder: FrameDecoder
    var assembler: MessageAssembler
    var context: ChannelHandlerContext?
    /// The socket, for writes that need nothing of the channel; nil where there is none, and once it may be closed.
    ///
    /// Nothing may stand between this handler and the socket: with TLS there is none. NIO closes the socket and
    /// tells of it (`channelInactive`) in one go, so no write can meet a descriptor that has been given to another.
    var socket: NIOBSDSocket.Handle?
    /// Writes that the channel has not finished: nothing may pass them by.
    var channelWrites = 0
    var link: WebSocketLink?
    var owner = Owner.none
    var state = State.open
    /// Bytes of a frame that is not whole yet.
    var unread: ByteBuffer?
    /// Messages that wait for their owner.
    var messages: [Message] = []
    /// Frames that are none of those, and that their owner has not counted yet.
    var uncounted = UncountedFrames()
    /// What the channel has no room for.
    var backlog: Deque<(frames: ByteBuffer, packets: Int)> = []
    var waiting = Backlog.none
    /// As the channel last said: asking it each time costs more than writing.
    var isWritable = true
    var isWriting = false
    var reason = CloseReason.transportClose
    var mustFlush = false

    init(maxMessageBytes: Int, limit: Backlog, keepsReading: Bool, isSecure: Bool) {
        self.limit = limit
        self.keepsReading = keepsReading
        self.isSecure = isSecure
        self.decoder = FrameDecoder(maxBytes: maxMessageBytes)
        self.assembler = MessageAssembler(maxBytes: maxMessageBytes)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // What the channel still has to write, the handshake's answer, goes first.
        guard !self.isSecure, (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) == 0 else { return }
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
    func hand(_ message: Message) {
        if case .near(let sockets, let client) = self.owner, let link = self.link {
            sockets.received(message, link, client)
        } else {
            self.messages.append(message)
        }
    }

    /// Notes a frame that is no message for the session: a ping or pong, or part of a message.
    func note(_ frame: Frame) { self.uncounted.add(frame) }

    func deliver() {
        guard !self.messages.isEmpty || self.uncounted.count > 0, let link = self.link else { return }
        let (messages, uncounted) = (self.messages, self.uncounted)
        let handOver = { @Sendable (sockets: SocketLoop, client: ClientSession) in
            for message in messages { sockets.received(message, link, client) }
            if uncounted.count > 0 { sockets.received(uncounted, link, client) }
        }
        switch self.owner {
        case .none:
            return
        case .near(let sockets, let client):
            self.forgetDelivered()
            sockets.batch { handOver(sockets, client) }
        case .far(let shard, let sid):
            self.forgetDelivered()
            shard.run { sockets in
                if let client = sockets.sessions[sid] { handOver(sockets, client) }
            }
        }
    }

    private func forgetDelivered() {
        self.messages = []
        self.uncounted = UncountedFrames()
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
