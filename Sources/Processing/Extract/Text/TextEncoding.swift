/// How the bytes of a text file stand for characters.
enum TextEncoding: Equatable, Sendable {
    /// UTF-8; lines that are not valid are taken for Windows-1252.
    case utf8
    case utf16(isBigEndian: Bool)
    case utf32(isBigEndian: Bool)
    case windows1252
    /// One that the system's converter knows by this name; used in a child process only.
    case other(name: String)

    /// What the byte order mark at the beginning of a file says, and how many bytes it has; nil without one.
    static func byteOrderMark(_ head: some Collection<UInt8>) -> (encoding: TextEncoding, length: Int)? {
        let marks: [(encoding: TextEncoding, bytes: [UInt8])] = [
            (.utf8, [0xEF, 0xBB, 0xBF]),
            (.utf32(isBigEndian: false), [0xFF, 0xFE, 0x00, 0x00]),
            (.utf32(isBigEndian: true), [0x00, 0x00, 0xFE, 0xFF]),
            (.utf16(isBigEndian: false), [0xFF, 0xFE]),
            (.utf16(isBigEndian: true), [0xFE, 0xFF]),
        ]
        return marks.first { head.starts(with: $0.bytes) }.map { ($0.encoding, $0.bytes.count) }
    }
}
