import EngineIO
import NIOCore
import NIOWebSocket
import SocketIO

/// A Socket.IO packet in both forms it travels in, encoded once however many sessions get it.
///
/// Without attachments the polling form is the WebSocket frame without its header: one buffer serves both.
struct WireMessage: OutgoingMessage {
    /// Whole WebSocket frames: the text, then one for each attachment.
    let frames: ByteBuffer
    /// A polling payload: the same packets with their separators.
    let payload: ByteBuffer
    let packetCount: Int

    var byteCount: Int { self.payload.readableBytes }

    init(_ packet: EncodedPacket) {
        let textLength = packet.text.count + 1
        let attachmentBytes = packet.attachments.reduce(0) { $0 + $1.count + WebSocketFraming.maxHeaderLength }
        var frames = ByteBuffer()
        frames.reserveCapacity(textLength + WebSocketFraming.maxHeaderLength + attachmentBytes)
        WebSocketFraming.writeHeader(.text, length: textLength, into: &frames)
        let textStart = frames.writerIndex
        frames.writeInteger(UInt8(ascii: "4"))
        frames.writeBytes(packet.text)
        var payload = frames.getSlice(at: textStart, length: textLength) ?? ByteBuffer()

        for attachment in packet.attachments {
            WebSocketFraming.writeHeader(.binary, length: attachment.count, into: &frames)
            frames.writeBytes(attachment)
            payload.writeBytes([EngineIO.Packet.separator, UInt8(ascii: "b")])
            payload.writeBytes(Base64.encode(attachment))
        }
        self.frames = frames
        self.payload = payload
        self.packetCount = 1 + packet.attachments.count
    }
}

extension OutgoingPacket<WireMessage> {
    /// The packet as WebSocket frames.
    var frames: ByteBuffer {
        switch self {
        case .message(let message): message.frames
        case .ping: WebSocketFraming.ping
        case .noop: WebSocketFraming.noop
        case .close: WebSocketFraming.close
        }
    }

    /// Appends the packet to a polling payload.
    func append(to payload: inout ByteBuffer) {
        if payload.readableBytes > 0 { payload.writeInteger(EngineIO.Packet.separator) }
        switch self {
        case .message(let message): payload.writeImmutableBuffer(message.payload)
        case .ping, .noop, .close: payload.writeString(self.controlText?.description ?? "")
        }
    }
}
