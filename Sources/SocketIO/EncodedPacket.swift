import EngineIO

/// One packet of the server as the messages that carry it: a text, then its attachments.
package struct EncodedPacket: Equatable, Sendable {
    /// More than any header has beside the namespace: type, attachments, commas, id, brackets.
    private static let headerRoom = 48

    package let text: [UInt8]
    package let attachments: [[UInt8]]

    /// An event, for however many clients.
    ///
    /// - Parameters:
    ///   - event: Its name.
    ///   - payload: Its arguments.
    ///   - namespace: Where it happens.
    ///   - id: What the client has to answer with, if it has to.
    /// - Returns: The packet.
    package static func event(
        _ event: String,
        _ payload: EventPayload,
        namespace: String,
        id: Int? = nil
    ) -> EncodedPacket {
        let attachments = payload.attachments
        let room = Self.headerRoom + namespace.utf8.count + event.utf8.count + payload.list.count
        var writer = JSONWriter(reserving: room)
        writer.writeHeader(attachments.isEmpty ? .event : .binaryEvent, attachments.count, namespace, id)
        writer.append(UInt8(ascii: "["))
        writer.write(event)
        if !payload.list.isEmpty {
            writer.append(UInt8(ascii: ","))
            writer.append(payload.list)
        }
        writer.append(UInt8(ascii: "]"))
        return EncodedPacket(text: writer.text, attachments: attachments)
    }

    /// The answer to a client's event.
    ///
    /// - Parameters:
    ///   - payload: Its arguments.
    ///   - namespace: Where the event came.
    ///   - id: What the client asked with.
    /// - Returns: The packet.
    package static func acknowledgement(_ payload: EventPayload, namespace: String, id: Int) -> EncodedPacket {
        let attachments = payload.attachments
        var writer = JSONWriter(reserving: Self.headerRoom + namespace.utf8.count + payload.list.count)
        let kind = attachments.isEmpty ? PacketHeader.Kind.acknowledgement : .binaryAcknowledgement
        writer.writeHeader(kind, attachments.count, namespace, id)
        writer.append(UInt8(ascii: "["))
        writer.append(payload.list)
        writer.append(UInt8(ascii: "]"))
        return EncodedPacket(text: writer.text, attachments: attachments)
    }

    /// Tells a client that it is in, as whom, and how to come back; in v3 clients hear neither.
    static func connect(
        namespace: String,
        id: SocketID,
        privateID: PrivateID?,
        version: ProtocolVersion
    ) -> EncodedPacket {
        guard version == .v4 else { return EncodedPacket(.connect, namespace, json: nil) }
        var members: [String: JSONValue] = ["sid": .string(id.description)]
        members["pid"] = privateID.map { .string($0.text) }
        return EncodedPacket(.connect, namespace, json: .object(members))
    }

    /// Tells a client why it is not let in; in v3 with the data alone, or else the message.
    static func connectError(
        namespace: String,
        message: String,
        data: JSONValue?,
        version: ProtocolVersion
    ) -> EncodedPacket {
        guard version == .v4 else { return EncodedPacket(.connectError, namespace, json: data ?? .string(message)) }
        var members: [String: JSONValue] = ["message": .string(message)]
        members["data"] = data
        return EncodedPacket(.connectError, namespace, json: .object(members))
    }

    /// Tells a client that it is out.
    static func disconnect(namespace: String) -> EncodedPacket { EncodedPacket(.disconnect, namespace, json: nil) }

    /// The bytes of the text and the attachments.
    package var byteCount: Int { self.attachments.reduce(self.text.count) { $0 + $1.count } }

    /// The same event with its place in the recovery log as last argument: `["name",arg,"offset"]`.
    ///
    /// - Parameter offset: Where the event stands.
    /// - Returns: The packet, made from the bytes of this one, which has to be an event.
    package func appending(_ offset: RecoveryOffset) -> EncodedPacket {
        let offset = offset.description
        var text: [UInt8] = []
        text.reserveCapacity(self.text.count + offset.utf8.count + 3)
        text.append(contentsOf: self.text.dropLast())
        text.append(contentsOf: ",\"".utf8)
        text.append(contentsOf: offset.utf8)
        text.append(contentsOf: "\"]".utf8)
        return EncodedPacket(text: text, attachments: self.attachments)
    }

    init(text: [UInt8], attachments: [[UInt8]]) {
        self.text = text
        self.attachments = attachments
    }

    private init(_ kind: PacketHeader.Kind, _ namespace: String, json: JSONValue?) {
        var writer = JSONWriter()
        writer.writeHeader(kind, 0, namespace, nil)
        if let json { writer.write(json) }
        self.init(text: writer.text, attachments: [])
    }
}

extension JSONWriter {
    /// Writes what stands before the JSON of a packet.
    fileprivate mutating func writeHeader(
        _ kind: PacketHeader.Kind,
        _ attachments: Int,
        _ namespace: String,
        _ id: Int?
    ) {
        self.append(kind.rawValue)
        if attachments > 0 {
            self.write(attachments)
            self.append(UInt8(ascii: "-"))
        }
        if namespace != "/" {
            self.append(namespace)
            self.append(UInt8(ascii: ","))
        }
        if let id { self.write(id) }
    }
}
