import EngineIO
import NIOCore
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
    private let text: [UInt8]?
    private let attachments: [[UInt8]]

    var byteCount: Int { self.payload.readableBytes }

    /// Whether clients of every version read the same frames.
    var isSameInAllVersions: Bool { self.attachments.isEmpty }

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
        self.text = text
        self.attachments = attachments
    }

    /// The frames for a client of an old version.
    func frames(in format: PacketFormat) -> ByteBuffer {
        guard format != .v4, !self.isSameInAllVersions else { return self.frames }
        var frames = self.text.map { WebSocketFraming.text([UInt8(ascii: "4")] + $0) } ?? ByteBuffer()
        for attachment in self.attachments {
            switch format.frame(binary: attachment) {
            case .text(let bytes):
                frames.writeImmutableBuffer(WebSocketFraming.text(Array(bytes)))
            case .binary(let bytes):
                WebSocketFraming.writeHeader(.binary, length: bytes.count, into: &frames)
                frames.writeBytes(bytes)
            }
        }
        return frames
    }

    /// The packets of a payload for a client of an old version.
    fileprivate var parts: [PacketFormat.Part] {
        (self.text.map { [.text([UInt8(ascii: "4")] + $0)] } ?? []) + self.attachments.map { .binary($0) }
    }
}

extension OutgoingPacket<WireMessage> {
    /// The packet as WebSocket frames.
    func frames(in format: PacketFormat) -> ByteBuffer {
        switch self {
        case .message(let message): message.frames(in: format)
        case .ping: WebSocketFraming.ping
        case .pong(let bytes): WebSocketFraming.text([UInt8(ascii: "3")] + bytes)
        case .noop: WebSocketFraming.noop
        case .close: WebSocketFraming.close
        }
    }

    private var parts: [PacketFormat.Part] {
        if case .message(let message) = self { message.parts } else { [.text(self.controlText ?? [])] }
    }

    private func append(to payload: inout ByteBuffer) {
        if payload.readableBytes > 0 { payload.writeInteger(EngineIO.Packet.separator) }
        if case .message(let message) = self {
            payload.writeImmutableBuffer(message.payload)
        } else {
            payload.writeBytes(self.controlText ?? [])
        }
    }

    /// Puts packets into one polling payload.
    ///
    /// - Returns: The payload, and whether it is in v3's binary framing.
    static func payload(of packets: [Self], in format: PacketFormat) -> (bytes: ByteBuffer, isBinary: Bool) {
        guard format == .v4 else {
            let payload = format.payload(packets.flatMap(\.parts))
            return (ByteBuffer(bytes: payload.bytes), payload.isBinary)
        }
        if packets.count == 1, case .message(let message) = packets[0] { return (message.payload, false) }
        var payload = ByteBuffer()
        for packet in packets { packet.append(to: &payload) }
        return (payload, false)
    }
}
