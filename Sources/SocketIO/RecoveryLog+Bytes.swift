/// How the log outlives its process.
///
/// The bytes speak of one moment. Take them when nothing is emitted any more, and use them once: a process that dies
/// without writing new ones must not find the old, or its clients would miss what came in between without knowing.
extension RecoveryLog {
    /// Begins all that was written; the last character is the version of the format.
    private static let magic = Array("corpusd recovery 1".utf8)
    private static let checksumBytes = 8

    /// The whole log and every session.
    package func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(self.epochs) { writer, epoch in
            writer.write(epoch.id)
            writer.write(epoch.firstSequence)
        }
        writer.write(self.firstSequence)
        writer.write(self.forgottenUntil.map { [$0] } ?? []) { $0.write(milliseconds: $1) }
        writer.write(self.entries) { $0.write($1) }
        writer.write(self.sessionsByLoss) { $0.write($1) }

        let bytes = Self.magic + writer.bytes
        let checksum = Self.checksum(bytes, count: bytes.count)
        return bytes + (0..<Self.checksumBytes).map { UInt8(truncatingIfNeeded: checksum >> UInt64($0 * 8)) }
    }

    /// Takes up a log that an earlier process left behind; offsets it gave out are known.
    ///
    /// - Parameters:
    ///   - bytes: What `encoded` gave.
    ///   - limits: How much is kept from now on.
    ///   - now: The time since 1970; nothing is newer.
    ///   - generator: A source of randomness for the name of this life of the process.
    /// - Throws: What is wrong with the bytes.
    package init(
        decoding bytes: [UInt8],
        limits: RecoveryLimits,
        now: Duration,
        using generator: inout some RandomNumberGenerator
    ) throws(RecoveryError) {
        self.init(limits: limits, using: &generator)
        guard bytes.starts(with: Self.magic) else {
            throw bytes.starts(with: Self.magic.dropLast()) ? .unknownFormat : .damaged
        }
        let end = bytes.count - Self.checksumBytes
        guard end >= Self.magic.count else { throw .damaged }
        let checksum = bytes[end...].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        guard checksum == Self.checksum(bytes, count: end) else { throw .damaged }

        var reader = ByteReader(Array(bytes[Self.magic.count..<end]), count: end - Self.magic.count)
        try self.read(&reader, now: now)
        self.expire(now: now)
    }

    private mutating func read(_ reader: inout ByteReader, now: Duration) throws(RecoveryError) {
        let epochs = try reader.readArray { reader throws(RecoveryError) in
            Epoch(id: try reader.readNumber(), firstSequence: try reader.readInt())
        }
        let firstSequence = try reader.readInt()
        let isOrdered = zip(epochs, epochs.dropFirst()).allSatisfy { $0.firstSequence < $1.firstSequence }
        guard isOrdered, firstSequence > 0, firstSequence < Int.max / 2 else { throw .damaged }
        self.epochs = epochs.suffix(Self.epochsLimit)
        self.firstSequence = firstSequence

        let forgotten = try reader.readArray { reader throws(RecoveryError) in try reader.readTime(before: now) }
        self.forgottenUntil = forgotten.max()
        let entries = try reader.readArray { reader throws(RecoveryError) in try reader.readEntry(before: now) }
        let sessions = try reader.readArray { reader throws(RecoveryError) in try reader.readSession(before: now) }
        guard reader.isAtEnd else { throw .damaged }
        for entry in entries { self.append(entry) }
        guard (self.epochs.last?.firstSequence ?? 0) <= self.position else { throw .damaged }
        for session in sessions { self.insert(session) }
    }

    /// FNV-1a: finds accidents, not malice.
    private static func checksum(_ bytes: [UInt8], count: Int) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in 0..<count { hash = (hash ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01B3 }
        return hash
    }
}

// MARK: - Parts

extension ByteWriter {
    fileprivate mutating func write(milliseconds time: Duration) {
        self.write(
            UInt64(clamping: time.components.seconds * 1_000 + time.components.attoseconds / 1_000_000_000_000_000))
    }

    fileprivate mutating func write(_ entry: RecoveryLog.Entry) {
        self.write(milliseconds: entry.time)
        self.write(entry.namespace)
        switch entry.audience.target {
        case .everyone:
            self.write(0)
        case .rooms(let rooms):
            self.write(1)
            self.write(rooms) { $0.write($1) }
        case .socket(let id):
            self.write(2)
            self.write(id.description)
        }
        self.write(entry.audience.except) { $0.write($1.description) }
        self.write(entry.audience.exceptRooms) { $0.write($1) }
        self.write(entry.packet.text)
        self.write(entry.packet.attachments) { $0.write($1) }
    }

    fileprivate mutating func write(_ session: RecoverableSession) {
        self.write(session.privateID.text)
        self.write(session.socket.description)
        self.write(session.namespace)
        self.write(session.rooms.sorted()) { $0.write($1) }
        self.write(session.joinedAt)
        self.write(milliseconds: session.leftAt)
    }
}

extension ByteReader {
    /// Later than any clock shows: the year 5138.
    private static let latestMilliseconds: UInt64 = 100_000_000_000_000

    fileprivate mutating func readTime(before now: Duration) throws(RecoveryError) -> Duration {
        let milliseconds = try self.readNumber()
        guard milliseconds <= Self.latestMilliseconds else { throw .damaged }
        return min(.milliseconds(milliseconds), now)
    }

    fileprivate mutating func readEntry(before now: Duration) throws(RecoveryError) -> RecoveryLog.Entry {
        let time = try self.readTime(before: now)
        let namespace = try self.readString()
        let target: Audience.Target
        switch try self.readInt() {
        case 0: target = .everyone
        case 1: target = .rooms(try self.readArray { reader throws(RecoveryError) in try reader.readString() })
        case 2: target = .socket(try self.readSocketID())
        default: throw .damaged
        }
        let except = try self.readArray { reader throws(RecoveryError) in try reader.readSocketID() }
        let exceptRooms = try self.readArray { reader throws(RecoveryError) in try reader.readString() }
        let text = try self.readBytes()
        let attachments = try self.readArray { reader throws(RecoveryError) in try reader.readBytes() }
        return RecoveryLog.Entry(
            time: time, namespace: namespace,
            audience: Audience(target, except: except, exceptRooms: exceptRooms),
            packet: EncodedPacket(text: text, attachments: attachments))
    }

    fileprivate mutating func readSession(before now: Duration) throws(RecoveryError) -> RecoverableSession {
        guard let privateID = PrivateID(try self.readString()) else { throw .damaged }
        return RecoverableSession(
            privateID: privateID,
            socket: try self.readSocketID(),
            namespace: try self.readString(),
            rooms: Set(try self.readArray { reader throws(RecoveryError) in try reader.readString() }),
            joinedAt: try self.readInt(),
            leftAt: try self.readTime(before: now)
        )
    }

    private mutating func readSocketID() throws(RecoveryError) -> SocketID {
        guard let id = SocketID(try self.readString()) else { throw .damaged }
        return id
    }
}
