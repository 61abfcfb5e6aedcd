/// Where text may be cut without dividing what a reader sees as one character.
///
/// The rules of Unicode's UAX #29 that matter beside white space and after punctuation. Asking them of single scalars
/// keeps cuts cheap where a grapheme is a million scalars long.
enum TextBoundaries {
    /// Whether a scalar belongs to the grapheme of the scalar before it (GB9, GB9a).
    static func extends(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x300 else { return false }
        switch scalar.value {
        case 0x0E33, 0x0EB3, 0x200D: return true
        default: break
        }
        let properties = scalar.properties
        return properties.isGraphemeExtend || properties.isEmojiModifier
            || properties.generalCategory == .spacingMark
    }

    /// Whether a scalar holds on to whatever follows it, even a space (GB9b).
    static func prepends(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x600: false
        case 0x600...0x605, 0x6DD, 0x70F, 0x890...0x891, 0x8E2, 0xD4E, 0x110BD, 0x110CD, 0x111C2...0x111C3,
            0x1193F, 0x11941, 0x11A3A, 0x11A84...0x11A89, 0x11D46, 0x11F02:
            true
        default: false
        }
    }

    /// Whether a scalar is white space; for the ones of ASCII without a look at the Unicode tables.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20, 0x09...0x0D: true
        case 0..<0x80: false
        default: scalar.properties.isWhitespace
        }
    }

    /// Whether white space at `index` stands alone, so that a text may end before it and another begin after it.
    ///
    /// A space that carries a combining mark, or follows a sign that holds on to it, is part of a character; tabs and
    /// line breaks never are (GB4, GB5).
    static func isGap(at index: String.Index, in scalars: Substring.UnicodeScalarView) -> Bool {
        let scalar = scalars[index]
        guard self.isSpace(scalar) else { return false }
        switch scalar.value {
        case 0x09...0x0D, 0x85, 0x2028, 0x2029: return true
        default: break
        }
        let next = scalars.index(after: index)
        if next < scalars.endIndex, self.extends(scalars[next]) { return false }
        guard index > scalars.startIndex else { return true }
        return !self.prepends(scalars[scalars.index(before: index)])
    }

    /// The first index at or after `index` where no gap is, or the end.
    static func endOfGap(from index: String.Index, in scalars: Substring.UnicodeScalarView) -> String.Index {
        var index = index
        while index < scalars.endIndex, self.isGap(at: index, in: scalars) {
            index = scalars.index(after: index)
        }
        return index
    }

    /// The part of a text that is left without the white space at its ends.
    static func trimmed(_ text: Substring) -> Substring {
        let scalars = text.unicodeScalars
        let start = self.endOfGap(from: scalars.startIndex, in: scalars)
        var end = scalars.endIndex
        while end > start {
            let previous = scalars.index(before: end)
            guard self.isGap(at: previous, in: scalars) else { break }
            end = previous
        }
        return text[start..<end]
    }
}
