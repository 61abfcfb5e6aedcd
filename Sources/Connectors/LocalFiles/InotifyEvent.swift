import Glibc

/// One event as the kernel writes it to an inotify descriptor.
package struct InotifyEvent: Equatable, Sendable {
    /// The bits of `inotify(7)` that this program asks for or is told.
    package struct Mask: OptionSet, Hashable, Sendable {
        package let rawValue: UInt32
        package init(rawValue: UInt32) { self.rawValue = rawValue }

        package static let modified = Mask(rawValue: UInt32(IN_MODIFY))
        package static let attributes = Mask(rawValue: UInt32(IN_ATTRIB))
        package static let closedAfterWriting = Mask(rawValue: UInt32(IN_CLOSE_WRITE))
        package static let movedFrom = Mask(rawValue: UInt32(IN_MOVED_FROM))
        package static let movedTo = Mask(rawValue: UInt32(IN_MOVED_TO))
        package static let created = Mask(rawValue: UInt32(IN_CREATE))
        package static let deleted = Mask(rawValue: UInt32(IN_DELETE))
        package static let selfDeleted = Mask(rawValue: UInt32(IN_DELETE_SELF))
        package static let selfMoved = Mask(rawValue: UInt32(IN_MOVE_SELF))
        package static let unmounted = Mask(rawValue: UInt32(IN_UNMOUNT))
        package static let overflowed = Mask(rawValue: UInt32(IN_Q_OVERFLOW))
        /// The watch is gone, whoever removed it.
        package static let watchRemoved = Mask(rawValue: UInt32(IN_IGNORED))
        package static let isDirectory = Mask(rawValue: UInt32(IN_ISDIR))
    }

    /// Which watch; -1 for an overflow.
    package var watch: Int32
    package var mask: Mask
    /// Equal in the two events of one rename.
    package var cookie: UInt32
    /// The entry of the watched directory; empty when the event is about the directory itself.
    package var name: [UInt8]

    package init(watch: Int32, mask: Mask, cookie: UInt32 = 0, name: [UInt8] = []) {
        self.watch = watch
        self.mask = mask
        self.cookie = cookie
        self.name = name
    }
}

/// The bytes are not a whole number of events; what they told is lost, so the folder must be read again.
package struct TruncatedInotifyEvent: Error, Equatable {
    /// Where the event begins that does not end.
    package let offset: Int

    package init(offset: Int) { self.offset = offset }
}

extension InotifyEvent {
    /// `wd`, `mask`, `cookie`, `len`: four integers of 32 bits in the machine's byte order.
    private static let headerSize = 16

    /// Decodes everything that one `read` returned.
    package static func decode(_ bytes: [UInt8]) throws(TruncatedInotifyEvent) -> [InotifyEvent] {
        var events: [InotifyEvent] = []
        var offset = 0
        while offset < bytes.count {
            guard bytes.count - offset >= self.headerSize else { throw TruncatedInotifyEvent(offset: offset) }
            let length = Int(self.integer(bytes, at: offset + 12))
            let name = offset + self.headerSize
            guard bytes.count - name >= length else { throw TruncatedInotifyEvent(offset: offset) }
            events.append(
                InotifyEvent(
                    watch: Int32(bitPattern: self.integer(bytes, at: offset)),
                    mask: Mask(rawValue: self.integer(bytes, at: offset + 4)),
                    cookie: self.integer(bytes, at: offset + 8),
                    name: Array(bytes[name..<(name + length)].prefix { $0 != 0 })
                )
            )
            offset = name + length
        }
        return events
    }

    private static func integer(_ bytes: [UInt8], at offset: Int) -> UInt32 {
        bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self) }
    }
}
