/// One packet of the server as the messages that carry it: a text, then its attachments.
package struct EncodedPacket: Equatable, Sendable {
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
        var writer = JSONWriter()
        writer.write(event)
        let name = writer.text + (payload.list.isEmpty ? [] : [UInt8(ascii: ",")])
        return EncodedPacket(.event, .binaryEvent, namespace, id: id, list: name + payload.list, payload.attachments)
    }

    /// The answer to a client's event.
    ///
    /// - Parameters:
    ///   - payload: Its arguments.
    ///   - namespace: Where the event came.
    ///   - id: What the client asked with.
    /// - Returns: The packet.
    package static func acknowledgement(_ payload: EventPayload, namespace: String, id: Int) -> EncodedPacket {
        EncodedPacket(
            .acknowledgement, .binaryAcknowledgement, namespace, id: id, list: payload.list, payload.attachments)
    }

    /// Tells a client that it is in, and as whom.
    static func connect(namespace: String, id: SocketID) -> EncodedPacket {
        EncodedPacket(.connect, namespace, json: ["sid": .string(id.description)])
    }

    /// Tells a client why it is not let in.
    static func connectError(namespace: String, message: String, data: JSONValue?) -> EncodedPacket {
        var members: [String: JSONValue] = ["message": .string(message)]
        members["data"] = data
        return EncodedPacket(.connectError, namespace, json: .object(members))
    }

    /// Tells a client that it is out.
    static func disconnect(namespace: String) -> EncodedPacket { EncodedPacket(.disconnect, namespace, json: nil) }

    private init(_ kind: PacketHeader.Kind, _ namespace: String, json: JSONValue?) {
        self.text = Self.header(kind, nil, namespace, nil) + (json?.encoded() ?? [])
        self.attachments = []
    }

    private init(
        _ kind: PacketHeader.Kind,
        _ binaryKind: PacketHeader.Kind,
        _ namespace: String,
        id: Int?,
        list: [UInt8],
        _ attachments: [[UInt8]]
    ) {
        let header =
            attachments.isEmpty
            ? Self.header(kind, nil, namespace, id)
            : Self.header(binaryKind, attachments.count, namespace, id)
        self.text = header + [UInt8(ascii: "[")] + list + [UInt8(ascii: "]")]
        self.attachments = attachments
    }

    private static func header(_ kind: PacketHeader.Kind, _ count: Int?, _ namespace: String, _ id: Int?) -> [UInt8] {
        var header = [kind.rawValue]
        if let count { header.append(contentsOf: "\(count)-".utf8) }
        if namespace != "/" { header.append(contentsOf: "\(namespace),".utf8) }
        if let id { header.append(contentsOf: String(id).utf8) }
        return header
    }
}
