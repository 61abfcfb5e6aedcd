package import EngineIO

/// Turns a connection's messages into packets, and waits for the attachments of those that have any.
package struct PacketDecoder: Sendable {
    /// A packet some attachments of which are still to come.
    private struct Partial: Sendable {
        let packet: Packet
        let expected: Int
        var attachments: [[UInt8]] = []
        var bytes = 0
    }

    /// Event names that would be mistaken for the life of the socket itself.
    private static let reservedEvents: Set<String> = [
        "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener",
    ]

    private let limits: PacketLimits
    private let version: ProtocolVersion
    private var partial: Partial?
    /// The namespace of the last packet, with its query if it had any; most clients use one.
    private var lastNamespace = "/"

    /// Makes a decoder for one connection.
    ///
    /// - Parameters:
    ///   - limits: What a client may send.
    ///   - version: Of the session below; with v3, a query may follow the namespace.
    package init(limits: PacketLimits, version: ProtocolVersion = .v4) {
        self.limits = limits
        self.version = version
    }

    /// Whether attachments of a packet are still to come.
    package var isWaitingForAttachments: Bool { self.partial != nil }

    /// Takes a text message.
    ///
    /// - Returns: The packet, or nil if its attachments follow.
    /// - Throws: The first thing wrong with it.
    package mutating func decode(text: ArraySlice<UInt8>) throws(PacketError) -> Packet? {
        guard self.partial == nil else { throw .unexpectedText }
        let bytes = text.span
        let queryBytes = self.version == .v3 ? self.limits.queryBytes : 0
        let header = try PacketHeader(
            bytes, limits: self.limits, namespaceBytes: self.limits.namespaceBytes + queryBytes,
            likelyNamespace: self.lastNamespace)
        self.lastNamespace = header.namespace
        var packet = Packet(namespace: header.namespace, content: try self.content(bytes, header))
        if self.version == .v3 { packet = try self.splittingQuery(packet) }
        guard header.attachments > 0 else { return packet }
        self.partial = Partial(packet: packet, expected: header.attachments)
        return nil
    }

    /// Takes a binary message: the next attachment.
    ///
    /// - Returns: The packet, or nil if more attachments follow.
    /// - Throws: The first thing wrong with it.
    package mutating func decode(binary: ArraySlice<UInt8>) throws(PacketError) -> Packet? {
        guard var partial = self.partial else { throw .unexpectedBinary }
        self.partial = nil
        partial.bytes += binary.count
        guard partial.bytes <= self.limits.attachmentBytes else { throw .attachmentsTooLarge(partial.bytes) }
        partial.attachments.append(Array(binary))

        guard partial.attachments.count == partial.expected else {
            self.partial = partial
            return nil
        }
        var attachments = Attachments(partial.attachments)
        return try attachments.put(into: partial.packet)
    }

    /// Most names are told apart by their length.
    private static func isReserved(_ name: String) -> Bool {
        switch name.utf8.count {
        case 7, 10, 11, 13, 14: Self.reservedEvents.contains(name)
        default: false
        }
    }

    /// Takes the query off the namespace; to a packet that joins it is what auth is in later versions.
    private func splittingQuery(_ packet: Packet) throws(PacketError) -> Packet {
        let parts = packet.namespace.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts[0].utf8.count <= self.limits.namespaceBytes else { throw .invalidNamespace }
        guard parts.count == 2 else { return packet }
        let namespace = String(parts[0])
        guard case .connect = packet.content else { return Packet(namespace: namespace, content: packet.content) }
        let query = QueryString.parse(parts[1]).mapValues { JSONValue.string($0) }
        return Packet(namespace: namespace, content: .connect(auth: .object(query)))
    }

    private func content(_ bytes: Span<UInt8>, _ header: PacketHeader) throws(PacketError) -> Packet.Content {
        let hasPayload = header.payloadStart < bytes.count
        switch header.kind {
        case .connect:
            guard hasPayload else { return .connect(auth: nil) }
            let auth = try self.payload(bytes, header)
            guard case .object = auth else { throw .invalidPayload }
            return .connect(auth: auth)
        case .disconnect:
            guard !hasPayload else { throw .invalidPayload }
            return .disconnect
        case .event, .binaryEvent:
            guard hasPayload, let list = try self.list(bytes, header), case .string(let name)? = list.first else {
                throw .invalidPayload
            }
            guard !Self.isReserved(name) else { throw .reservedEvent(name) }
            return .event(name: name, arguments: list.rest, id: header.id)
        case .acknowledgement, .binaryAcknowledgement:
            guard hasPayload, let arguments = try self.payload(bytes, header).array else { throw .invalidPayload }
            guard let id = header.id else { throw .invalidID }
            return .acknowledgement(arguments: arguments, id: id)
        case .connectError:
            throw .wrongDirection
        }
    }

    private func payload(_ bytes: Span<UInt8>, _ header: PacketHeader) throws(PacketError) -> JSONValue {
        var parser = JSONParser(at: header.payloadStart)
        do {
            return try parser.parseWhole(bytes, maxDepth: self.limits.depth)
        } catch {
            throw .json(error)
        }
    }

    private func list(
        _ bytes: Span<UInt8>,
        _ header: PacketHeader
    ) throws(PacketError) -> (first: JSONValue?, rest: [JSONValue])? {
        var parser = JSONParser(at: header.payloadStart)
        do {
            return try parser.parseWholeList(bytes, maxDepth: self.limits.depth)
        } catch {
            throw .json(error)
        }
    }
}
