/// Turns a connection's messages into packets, and waits for the attachments of those that have any.
package struct PacketDecoder: Sendable {
    /// A packet some attachments of which are still to come.
    private struct Partial: Sendable {
        let header: PacketHeader
        let payload: JSONValue
        var attachments: [[UInt8]] = []
        var bytes = 0
    }

    /// Event names that would be mistaken for the life of the socket itself.
    private static let reservedEvents: Set<String> = [
        "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener",
    ]

    private let limits: PacketLimits
    private var partial: Partial?

    /// Makes a decoder for one connection.
    ///
    /// - Parameter limits: What a client may send.
    package init(limits: PacketLimits) { self.limits = limits }

    /// Whether attachments of a packet are still to come.
    package var isWaitingForAttachments: Bool { self.partial != nil }

    /// Takes a text message.
    ///
    /// - Returns: The packet, or nil if its attachments follow.
    /// - Throws: The first thing wrong with it.
    package mutating func decode(text: [UInt8]) throws(PacketError) -> Packet? {
        guard self.partial == nil else { throw .unexpectedText }
        let header = try PacketHeader(text, limits: self.limits)
        let payload = try self.payload(text, header)

        guard header.attachments > 0, let payload else { return try Self.packet(header, payload) }
        self.partial = Partial(header: header, payload: payload)
        return nil
    }

    /// Takes a binary message: the next attachment.
    ///
    /// - Returns: The packet, or nil if more attachments follow.
    /// - Throws: The first thing wrong with it.
    package mutating func decode(binary: [UInt8]) throws(PacketError) -> Packet? {
        guard var partial = self.partial else { throw .unexpectedBinary }
        self.partial = nil
        partial.bytes += binary.count
        guard partial.bytes <= self.limits.attachmentBytes else { throw .attachmentsTooLarge(partial.bytes) }
        partial.attachments.append(binary)

        guard partial.attachments.count == partial.header.attachments else {
            self.partial = partial
            return nil
        }
        return try Self.packet(partial.header, try partial.payload.replacingPlaceholders(with: partial.attachments))
    }

    private func payload(_ text: [UInt8], _ header: PacketHeader) throws(PacketError) -> JSONValue? {
        guard header.payloadStart < text.count else { return nil }
        var parser = JSONParser(text, from: header.payloadStart)
        do {
            return try parser.parseWhole(maxDepth: self.limits.depth)
        } catch {
            throw .json(error)
        }
    }

    private static func packet(_ header: PacketHeader, _ payload: JSONValue?) throws(PacketError) -> Packet {
        Packet(namespace: header.namespace, content: try Self.content(header, payload))
    }

    private static func content(
        _ header: PacketHeader,
        _ payload: JSONValue?
    ) throws(PacketError) -> Packet.Content {
        switch (header.kind, payload) {
        case (.connect, nil), (.connect, .object?):
            return .connect(auth: payload)
        case (.disconnect, nil):
            return .disconnect
        case (.event, .array(let list)?), (.binaryEvent, .array(let list)?):
            guard let name = list.first?.string else { throw .invalidPayload }
            guard !Self.reservedEvents.contains(name) else { throw .reservedEvent(name) }
            return .event(name: name, arguments: Array(list.dropFirst()), id: header.id)
        case (.acknowledgement, .array(let list)?), (.binaryAcknowledgement, .array(let list)?):
            guard let id = header.id else { throw .invalidID }
            return .acknowledgement(arguments: list, id: id)
        case (.connectError, _):
            throw .wrongDirection
        default:
            throw .invalidPayload
        }
    }
}

extension JSONValue {
    /// Puts attachments where their placeholders stand; the nesting has been bounded by the parser.
    fileprivate func replacingPlaceholders(with attachments: [[UInt8]]) throws(PacketError) -> JSONValue {
        switch self {
        case .array(let elements):
            var replaced: [JSONValue] = []
            replaced.reserveCapacity(elements.count)
            for element in elements { replaced.append(try element.replacingPlaceholders(with: attachments)) }
            return .array(replaced)
        case .object(let members) where members["_placeholder"] == .bool(true):
            guard let index = members["num"]?.int, attachments.indices.contains(index) else {
                throw .invalidPlaceholder
            }
            return .binary(attachments[index])
        case .object(var members):
            for (key, value) in members { members[key] = try value.replacingPlaceholders(with: attachments) }
            return .object(members)
        default:
            return self
        }
    }
}
