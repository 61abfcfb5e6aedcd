/// How many tokens a text has for a model whose tokenizer is not here, estimated from its characters.
///
/// Every tokenizer in use splits at white space and between letters, digits and signs, and gives common words one token
/// and others one for each few letters. So a run of ASCII letters counts one
/// token for every 4 bytes, of letters of other alphabets one for every 3, a run of digits one for every 2, and every other
/// visible character, those of Chinese, Japanese and Korean among them, one. For prose that is a few in a hundred more
/// than byte-pair tokenizers count, and up to a third less than WordPiece does for rare words: leave `max_tokens` room.
package enum TokenEstimate {
    private enum Kind: Equatable {
        case space
        case latin
        case letter
        case digit
        case sign

        /// UTF-8 bytes of a run that count as one token.
        var bytesPerToken: Int {
            switch self {
            case .space: .max
            case .latin: 4
            case .letter: 3
            case .digit: 2
            case .sign: 1
            }
        }
    }

    /// The tokens of a text; 0 only for white space.
    package static func count(_ text: Substring) -> Int {
        var meter = Meter()
        for scalar in text.unicodeScalars { meter.add(scalar) }
        return meter.tokens
    }

    /// The beginning of a text that counts for no more than so many tokens; all of it where that fits.
    package static func prefix(_ text: String, tokens limit: Int) -> String {
        var meter = Meter()
        var index = text.unicodeScalars.startIndex
        while index < text.unicodeScalars.endIndex {
            meter.add(text.unicodeScalars[index])
            if meter.tokens > limit { return String(text.unicodeScalars[..<index]) }
            index = text.unicodeScalars.index(after: index)
        }
        return text
    }

    /// Counts as characters go by.
    private struct Meter {
        private(set) var tokens = 0
        private var kind = Kind.space
        private var bytes = 0

        mutating func add(_ scalar: Unicode.Scalar) {
            let kind = TokenEstimate.kind(of: scalar)
            if kind != self.kind || kind == .sign {
                self.kind = kind
                self.bytes = 0
            }
            guard kind != .space else { return }
            // A token begins with the first byte of every full unit of the run.
            let unit = kind.bytesPerToken
            let before = (self.bytes + unit - 1) / unit
            self.bytes += kind == .sign ? 1 : UTF8.width(scalar)
            self.tokens += (self.bytes + unit - 1) / unit - before
        }
    }

    private static func kind(of scalar: Unicode.Scalar) -> Kind {
        switch scalar.value {
        case 0x61...0x7A, 0x41...0x5A: .latin
        case 0x30...0x39: .digit
        case 0...0x20, 0x7F...0xA0: .space
        case 0x21...0x7E: .sign
        // Scripts that are written without spaces: a token a character, or more.
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x2E80...0x9FFF, 0xAC00...0xD7FF, 0xF900...0xFAFF,
            0x20000...0x3FFFF:
            .sign
        default: scalar.properties.isWhitespace ? .space : scalar.properties.isAlphabetic ? .letter : .sign
        }
    }
}
