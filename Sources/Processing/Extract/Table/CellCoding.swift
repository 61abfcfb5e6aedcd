import Ingest

/// The cells of a row as bytes: for the way from the child, and for the file in which rows wait to be stored.
///
/// A cell is a number, seven bits a byte, the lowest first, all but the last byte with the highest bit set. Its two
/// lowest bits say what follows: 0 a text of as many bytes as the rest of the number says; 1 eight bytes of a number, the
/// lowest first; 2 nothing, as the rest is the value: 0 empty, 1 false, 2 true.
enum CellCoding {
    static func encode(_ cell: TableCell, into output: inout [UInt8]) {
        switch cell {
        case .text(let text):
            self.append(UInt64(text.utf8.count) << 2, to: &output)
            output += text.utf8
        case .number(let number):
            output.append(1)
            var bits = number.bitPattern
            for _ in 0..<8 {
                output.append(UInt8(truncatingIfNeeded: bits))
                bits >>= 8
            }
        case .empty: output.append(2)
        case .boolean(false): output.append(2 | 1 << 2)
        case .boolean(true): output.append(2 | 2 << 2)
        }
    }

    private static func append(_ number: UInt64, to output: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        output.append(UInt8(rest))
    }

    /// The cells again; nil for bytes that `encode` never writes.
    static func decode(_ bytes: ArraySlice<UInt8>) -> [TableCell]? {
        var cells: [TableCell] = []
        var rest = bytes
        while !rest.isEmpty {
            guard let cell = self.next(&rest) else { return nil }
            cells.append(cell)
        }
        return cells
    }

    private static func next(_ rest: inout ArraySlice<UInt8>) -> TableCell? {
        guard let header = self.number(&rest) else { return nil }
        switch (header & 3, header >> 2) {
        case (0, let length):
            guard length <= rest.count else { return nil }
            let text = rest.prefix(Int(length))
            rest = rest[text.endIndex...]
            return .text(String(decoding: text, as: UTF8.self))
        case (1, 0):
            guard rest.count >= 8 else { return nil }
            let bits = rest.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            rest = rest.dropFirst(8)
            let number = Double(bitPattern: bits)
            return number.isFinite ? .number(number) : nil
        case (2, 0): return .empty
        case (2, 1): return .boolean(false)
        case (2, 2): return .boolean(true)
        default: return nil
        }
    }

    /// At most 35 bits, which is more than a frame holds.
    private static func number(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var number: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 35, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            number |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return number }
        }
        return nil
    }
}
