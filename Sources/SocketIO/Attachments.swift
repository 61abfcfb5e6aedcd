/// The attachments of a packet on the way to their places.
///
/// Each may be used once. No client writes the same placeholder twice, and whoever did could have a small packet sent
/// back as a huge one.
struct Attachments {
    private var left: [[UInt8]?]

    init(_ attachments: [[UInt8]]) { self.left = attachments }

    /// Puts attachments where their placeholders stand in a packet's arguments.
    mutating func put(into packet: Packet) throws(PacketError) -> Packet {
        switch packet.content {
        case .connect, .disconnect:
            return packet
        case .event(let name, let arguments, let id):
            let content = Packet.Content.event(name: name, arguments: try self.put(into: arguments), id: id)
            return Packet(namespace: packet.namespace, content: content)
        case .acknowledgement(let arguments, let id):
            let content = Packet.Content.acknowledgement(arguments: try self.put(into: arguments), id: id)
            return Packet(namespace: packet.namespace, content: content)
        }
    }

    private mutating func put(into values: [JSONValue]) throws(PacketError) -> [JSONValue] {
        var filled: [JSONValue] = []
        filled.reserveCapacity(values.count)
        for value in values { filled.append(try self.put(into: value)) }
        return filled
    }

    /// The nesting has been bounded by the parser.
    private mutating func put(into value: JSONValue) throws(PacketError) -> JSONValue {
        switch value {
        case .array(let elements):
            return .array(try self.put(into: elements))
        case .object(let members) where members["_placeholder"] == .bool(true):
            guard let index = members["num"]?.int, self.left.indices.contains(index), let bytes = self.left[index]
            else { throw .invalidPlaceholder }
            self.left[index] = nil
            return .binary(bytes)
        case .object(var members):
            for (key, value) in members { members[key] = try self.put(into: value) }
            return .object(members)
        default:
            return value
        }
    }
}
