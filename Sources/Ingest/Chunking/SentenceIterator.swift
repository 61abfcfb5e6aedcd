/// Finds the sentences of running text in any language, one after another.
///
/// A sentence ends with its closing quotes and brackets: after `。！？` at once, after other terminators where white
/// space follows and what comes next does not look like its continuation. Where the rules are in doubt, two sentences
/// stay together. Linear time; each range is without white space at its ends, and only white space lies between two.
struct SentenceIterator: IteratorProtocol {
    private let scalars: Substring.UnicodeScalarView
    private var position: String.Index

    init(_ text: Substring) {
        self.scalars = text.unicodeScalars
        self.position = TextBoundaries.endOfGap(from: self.scalars.startIndex, in: self.scalars)
    }

    mutating func next() -> Range<String.Index>? {
        let start = self.position
        guard start < self.scalars.endIndex else { return nil }
        var index = start
        while index < self.scalars.endIndex {
            guard let terminator = Terminator(self.scalars[index]) else {
                index = self.scalars.index(after: index)
                continue
            }
            let end = self.endOfTerminators(from: index)
            let following = TextBoundaries.endOfGap(from: end, in: self.scalars)
            if following < self.scalars.endIndex,
                terminator == .wide
                    || following > end && self.isBoundary(from: start, terminator: index, following: following)
            {
                self.position = following
                return start..<end
            }
            index = max(end, following)
        }
        self.position = self.scalars.endIndex
        return self.trimmedEnd(from: start)
    }

    /// The end of the run of terminators and closing marks that begins at `index`.
    private func endOfTerminators(from index: String.Index) -> String.Index {
        var end = self.scalars.index(after: index)
        while end < self.scalars.endIndex {
            let scalar = self.scalars[end]
            guard Terminator(scalar) != nil || Self.closes(scalar) || TextBoundaries.extends(scalar) else { break }
            end = self.scalars.index(after: end)
        }
        return end
    }

    private func trimmedEnd(from start: String.Index) -> Range<String.Index> {
        let rest = TextBoundaries.trimmed(Substring(self.scalars[start...]))
        return start..<max(start, rest.endIndex)
    }

    /// Whether what follows a terminator and white space begins a sentence.
    private func isBoundary(
        from start: String.Index,
        terminator: String.Index,
        following: String.Index
    ) -> Bool {
        if self.scalars[following].properties.isLowercase { return false }
        guard self.scalars[terminator] == "." else { return true }
        var word: [Unicode.Scalar] = []
        var index = terminator
        while index > start, word.count <= Abbreviation.longest {
            let previous = self.scalars.index(before: index)
            let scalar = self.scalars[previous]
            if TextBoundaries.isSpace(scalar) { break }
            word.append(scalar)
            index = previous
        }
        word.reverse()
        if index == start, word.allSatisfy({ $0.properties.numericType == .decimal }) { return false }
        return !Abbreviation.matches(word)
    }

    /// Whether a scalar closes what a sentence opened: a quote or a bracket.
    private static func closes(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x22, 0x27, 0x29, 0x5D, 0x7D, 0xFF02, 0xFF07: return true
        case 0..<0x80: return false
        default: break
        }
        let category = scalar.properties.generalCategory
        return category == .closePunctuation || category == .finalPunctuation
    }
}

extension SentenceIterator {
    /// What a scalar that can end a sentence asks of the text behind it.
    private enum Terminator {
        /// Ends a sentence where white space follows.
        case narrow
        /// Ends a sentence wherever it stands, as in Chinese and Japanese.
        case wide

        init?(_ scalar: Unicode.Scalar) {
            switch scalar.value {
            case 0x21, 0x2E, 0x3F: self = .narrow
            case 0..<0x80: return nil
            case 0x3002, 0xFF01, 0xFF1F, 0xFF61: self = .wide
            case 0x2026, 0x203C, 0x2047...0x2049,  // … ‼ ⁇ ⁈ ⁉
                0x0589, 0x061F, 0x06D4,  // Armenian, Arabic, Urdu
                0x0964, 0x0965, 0x0F0D, 0x104B,  // Devanagari, Tibetan, Myanmar
                0x1362, 0x1367, 0x1368, 0x17D4, 0x17D5, 0x1803, 0x1809,  // Ethiopic, Khmer, Mongolian
                0xFF0E:
                self = .narrow
            default: return nil
            }
        }
    }
}
