/// The encoding of western texts that declare none and are not UTF-8; the superset of ISO 8859-1 that browsers use.
enum Windows1252 {
    /// What 0x80 to 0x9F stand for; the other bytes are their own scalars.
    private static let high: [UInt16] = [
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
        0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
        0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
        0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
    ]

    /// Appends one character as UTF-8.
    static func append(_ byte: UInt8, to output: inout [UInt8]) {
        guard byte >= 0x80 else {
            output.append(byte)
            return
        }
        let value = byte < 0xA0 ? self.high[Int(byte) - 0x80] : UInt16(byte)
        if value < 0x800 {
            output.append(UInt8(0xC0 | value >> 6))
        } else {
            output.append(UInt8(0xE0 | value >> 12))
            output.append(UInt8(0x80 | value >> 6 & 0x3F))
        }
        output.append(UInt8(0x80 | value & 0x3F))
    }
}
