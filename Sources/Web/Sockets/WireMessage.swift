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

    /// A packet of Socket.IO: a text, then its attachments.
    init(_ packet: EncodedPacket) {
        self.init(text: packet.text, attachments: packet.attachments)
    }

    /// A message of plain Engine.IO.
    init(_ message: Message) {
        switch message {
        case .text(let text): self.init(text: Array(text), attachments: [])
        case .binary(let bytes): self.init(text: nil, attachments: [Array(bytes)])
        }
    }

    private init(text: [UInt8]?, attachments: [[UInt8]]) {
        let textLength = text.map { $0.count + 1 } ?? 0
        let attachmentBytes = attachments.reduce(0) { $0 + $1.count + WebSocketFraming.maxHeaderLength }
        var frames = ByteBuffer()
        var payload = ByteBuffer()
        frames.reserveCapacity(textLength + WebSocketFraming.maxHeaderLength + attachmentBytes)
        if let text {
            WebSocketFraming.writeHeader(.text, length: textLength, into: &frames)
            let textStart = frames.writerIndex
            frames.writeInteger(UInt8(ascii: "4"))
            frames.writeBytes(text)
            payload = frames.getSlice(at: textStart, length: textLength) ?? ByteBuffer()
        }
        for attachment in attachments {
            WebSocketFraming.writeHeader(.binary, length: attachment.count, into: &frames)
            frames.writeBytes(attachment)
            if payload.readableBytes > 0 { payload.writeInteger(EngineIO.Packet.separator) }
            payload.writeInteger(UInt8(ascii: "b"))
            payload.writeBytes(Base64.encode(attachment))
        }
        self.frames = frames
        self.payload = payload
        self.packetCount = (text == nil ? 0 : 1) + attachments.count
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
