/// What remains of a letter when its accents are stripped: `é` becomes `e`, `が` becomes `か`, `한` its three jamo.
///
/// The canonical decomposition (NFD) without its non-spacing marks. Marks that stay are not put into canonical
/// order, so each scalar is mapped by itself and input of any length needs no buffer.
struct BaseLetters: Sendable {
    private let mapped: [UInt32: [Unicode.Scalar]]

    init() {
        var mapped: [UInt32: [Unicode.Scalar]] = [:]
        for entry in Self.table.split(separator: " ") {
            let sides = entry.split(separator: ":")
            guard sides.count == 2 else { preconditionFailure("malformed table entry '\(entry)'") }
            let result = sides[0].split(separator: "+").compactMap { Unicode.Scalar(Self.number($0)) }
            for range in sides[1].split(separator: ",") {
                let ends = range.split(separator: "-").map(Self.number)
                for source in ends[0]...ends[ends.count - 1] { mapped[source] = result }
            }
        }
        self.mapped = mapped
    }

    /// The scalars that take this one's place; nil when it stays as it is.
    func base(of scalar: Unicode.Scalar) -> [Unicode.Scalar]? {
        Hangul.jamo(of: scalar) ?? self.mapped[scalar.value]
    }

    private static func number(_ digits: Substring) -> UInt32 {
        guard let number = UInt32(digits, radix: 16) else { preconditionFailure("malformed number '\(digits)'") }
        return number
    }

    /// Hangul syllables, which decompose by arithmetic.
    ///
    /// Source: The Unicode Standard, section 3.12, "Conjoining Jamo Behavior".
    private enum Hangul {
        static let syllables: ClosedRange<UInt32> = 0xAC00...0xD7A3
        static let vowels: UInt32 = 21
        static let finals: UInt32 = 28

        static func jamo(of scalar: Unicode.Scalar) -> [Unicode.Scalar]? {
            guard self.syllables.contains(scalar.value) else { return nil }
            let index = scalar.value - self.syllables.lowerBound
            let initial = 0x1100 + index / (self.vowels * self.finals)
            let vowel = 0x1161 + index % (self.vowels * self.finals) / self.finals
            let final = index % self.finals
            return [initial, vowel, final == 0 ? 0 : 0x11A7 + final].filter { $0 != 0 }.compactMap(Unicode.Scalar.init)
        }
    }
}
