/// Takes the packets of a posted payload out of it, one after another.
///
/// Every byte is looked at a bounded number of times, whatever the lengths in it say, and nothing is set aside before
/// it is known to be there.
package struct PayloadReader: Sendable {
    /// How packets are told apart.
    package enum Framing: Sendable {
        /// v4: separators.
        case separated
        /// v3: each packet behind its length in UTF-16 code units and a colon.
        case counted
        /// v3: each packet behind 0 for text or 1 for binary, its length in bytes, digit by digit, and 255.
        case binary
    }

    /// Lengths are below ten thousand million, far above any payload.
    private static let digitsLimit = 10
    private static let binaryLengthEnd: UInt8 = 0xFF

    private let payload: ArraySlice<UInt8>
    private let framing: Framing
    private var position: Int
    private var isAtEnd = false

    /// Starts to read.
    ///
    /// - Parameters:
    ///   - payload: The whole body.
    ///   - framing: The session's version and the body's content type decide.
    package init(_ payload: ArraySlice<UInt8>, framing: Framing) {
        self.payload = payload
        self.framing = framing
        self.position = payload.startIndex
    }

    /// The next packet, or nil when there is none.
    ///
    /// - Returns: At least one packet of every payload, or an error.
    /// - Throws: The first thing wrong with it.
    package mutating func next() throws(PacketError) -> Packet? {
        switch self.framing {
        case .separated: try self.nextSeparated()
        case .counted: try self.nextCounted()
        case .binary: try self.nextBinary()
        }
    }

    private mutating func nextSeparated() throws(PacketError) -> Packet? {
        guard !self.isAtEnd else { return nil }
        let rest = self.payload[self.position...]
        let end = rest.firstIndex(of: Packet.separator) ?? rest.endIndex
        self.isAtEnd = end == rest.endIndex
        self.position = self.isAtEnd ? end : end + 1
        return try Packet(payloadPart: rest[..<end])
    }

    /// Packets of no length are nothing: what the reference sends for an empty payload.
    private mutating func nextCounted() throws(PacketError) -> Packet? {
        guard !self.payload.isEmpty else { throw .empty }
        while self.position < self.payload.endIndex {
            let length = try self.length(base: UInt8(ascii: "0"), end: UInt8(ascii: ":"))
            guard length > 0 else { continue }
            let start = self.position
            try self.skip(codeUnits: length)
            return try Packet(text: self.payload[start..<self.position], version: .v3)
        }
        return nil
    }

    private mutating func nextBinary() throws(PacketError) -> Packet? {
        guard !self.payload.isEmpty else { throw .empty }
        guard self.position < self.payload.endIndex else { return nil }
        let kind = self.payload[self.position]
        guard kind <= 1 else { throw .unknownType(kind) }
        self.position += 1
        let length = try self.length(base: 0, end: Self.binaryLengthEnd)
        guard length <= self.payload.endIndex - self.position else { throw .invalidLength }

        let content = self.payload[self.position..<self.position + length]
        self.position += length
        return kind == 0 ? try Packet(text: content, version: .v3) : try Packet(binary: content)
    }

    /// Reads a decimal length and what ends it.
    private mutating func length(base: UInt8, end: UInt8) throws(PacketError) -> Int {
        var length = 0
        for digits in 0...Self.digitsLimit where self.position < self.payload.endIndex {
            let byte = self.payload[self.position]
            self.position += 1
            if byte == end, digits > 0 { return length }
            guard byte >= base, byte < base + 10 else { throw .invalidLength }
            length = length * 10 + Int(byte - base)
        }
        throw .invalidLength
    }

    /// Moves on by so many UTF-16 code units: two for what takes four bytes, one for every other scalar.
    ///
    /// Whether the bytes are UTF-8 at all is found out by whoever reads the packet.
    private mutating func skip(codeUnits count: Int) throws(PacketError) {
        var left = count
        while self.position < self.payload.endIndex {
            let byte = self.payload[self.position]
            let isContinuation = byte & 0xC0 == 0x80
            if !isContinuation {
                guard left > 0 else { return }
                left -= byte >= 0xF0 ? 2 : 1
                guard left >= 0 else { throw .invalidLength }
            }
            self.position += 1
        }
        guard left == 0 else { throw .invalidLength }
    }
}
