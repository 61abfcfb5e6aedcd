import EngineIO
import NIOCore

/// From the client: how its bytes become messages.
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
            if let message = try self.assembler.add(frame) { self.hand(message) } else { self.note(frame) }
        case .ping:
            self.note(frame)
            self.write(WebSocketFraming.control(.pong, frame.bytes), packets: 1, context)
            self.mustFlush = true
        case .pong:
            self.note(frame)
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
