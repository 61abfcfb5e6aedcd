import DequeModule
import EngineIO
import Glibc
import NIOCore

/// To the client: how frames get to the socket, and what happens when it has no room for them.
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

    func write(_ frames: ByteBuffer, packets: Int, _ context: ChannelHandlerContext) {
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
    func measure(_ context: ChannelHandlerContext) {
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
