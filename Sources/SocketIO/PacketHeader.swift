/// What stands before the JSON of a packet.
struct PacketHeader: Equatable, Sendable {
    /// The packet types of the protocol; the raw value is the digit.
    enum Kind: UInt8, Sendable {
        case connect = 48
        case disconnect
        case event
        case acknowledgement
        case connectError
        case binaryEvent
        case binaryAcknowledgement
    }

    /// JavaScript's largest safe integer: clients count acks in doubles.
    private static let largestID = 9_007_199_254_740_991

    let kind: Kind
    let attachments: Int
    let namespace: String
    let id: Int?
    /// Where the JSON starts; the end of the bytes if there is none.
    let payloadStart: Int

    /// Reads a header.
    ///
    /// - Parameters:
    ///   - bytes: The whole packet.
    ///   - limits: The bounds on attachments and namespace.
    ///   - namespaceBytes: The bound on the namespace with all that comes before its comma.
    ///   - likelyNamespace: That of the packet before; where it is the same again, no new string is made.
    /// - Throws: The first thing wrong with it.
    init(
        _ bytes: Span<UInt8>,
        limits: PacketLimits,
        namespaceBytes: Int,
        likelyNamespace: String
    ) throws(PacketError) {
        guard !bytes.isEmpty else { throw .empty }
        let first = bytes[0]
        guard let kind = Kind(rawValue: first) else { throw .unknownType(first) }
        var position = 1

        var attachments = 0
        if kind == .binaryEvent || kind == .binaryAcknowledgement {
            let digits = Self.number(bytes, &position, limit: Self.largestID)
            guard let count = digits, position < bytes.count, bytes[position] == UInt8(ascii: "-") else {
                throw .invalidAttachmentCount
            }
            guard count <= limits.attachments else { throw .tooManyAttachments(count) }
            position += 1
            attachments = count
        }

        self.kind = kind
        self.attachments = attachments
        self.namespace = try Self.namespace(bytes, &position, limit: namespaceBytes, likely: likelyNamespace)
        self.id = try Self.id(bytes, &position)
        self.payloadStart = position
    }

    private static func namespace(
        _ bytes: Span<UInt8>,
        _ position: inout Int,
        limit: Int,
        likely: String
    ) throws(PacketError) -> String {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "/") else { return "/" }
        var end = position
        while end < bytes.count, bytes[end] != UInt8(ascii: ",") {
            end += 1
            guard end - position <= limit else { throw .invalidNamespace }
        }
        let name = bytes.extracting(position..<end)
        position = min(end + 1, bytes.count)
        if Self.isEqual(name, likely) { return likely }
        guard let name = try? UTF8Span(validating: name) else { throw .invalidNamespace }
        return String(copying: name)
    }

    private static func isEqual(_ bytes: Span<UInt8>, _ text: String) -> Bool {
        guard bytes.count == text.utf8.count else { return false }
        var index = 0
        for byte in text.utf8 {
            guard bytes[index] == byte else { return false }
            index += 1
        }
        return true
    }

    private static func id(_ bytes: Span<UInt8>, _ position: inout Int) throws(PacketError) -> Int? {
        guard position < bytes.count, Self.isDigit(bytes[position]) else { return nil }
        guard let id = Self.number(bytes, &position, limit: Self.largestID) else { throw .invalidID }
        return id
    }

    /// Reads decimal digits; nil for none, or for more than the limit.
    private static func number(_ bytes: Span<UInt8>, _ position: inout Int, limit: Int) -> Int? {
        let start = position
        var value = 0
        while position < bytes.count, Self.isDigit(bytes[position]) {
            value = value * 10 + Int(bytes[position] - UInt8(ascii: "0"))
            guard value <= limit else { return nil }
            position += 1
        }
        return position > start ? value : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
