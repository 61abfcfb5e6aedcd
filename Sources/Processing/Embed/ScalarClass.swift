/// What the tokenizer does with one scalar of the text.
///
/// Source: BERT's basic tokenizer, in the order of the PyPI package `tokenizers`: clean, space out ideographs, strip
/// accents, lower-case, then split at white space and around punctuation.
enum ScalarClass: UInt8, Sendable {
    /// Part of a word as it is.
    case letter
    /// Ends a word and is dropped.
    case space
    /// Dropped without ending a word: control and format characters, non-spacing marks.
    case ignored
    /// A word by itself: punctuation, ideographs.
    case alone
    /// Part of a word in another form: capitals, accented letters, Hangul.
    case folded
    /// A word by itself in another form: compatibility ideographs, a few punctuation marks.
    case foldedAlone
}

/// Decides the class of a scalar and its folded form.
struct ScalarClassifier: Sendable {
    private let baseLetters = BaseLetters()

    /// The class, and for `folded` and `foldedAlone` the scalars that take its place.
    func classify(_ scalar: Unicode.Scalar) -> (class: ScalarClass, folded: [Unicode.Scalar]) {
        if let early = Self.cleaned(scalar) { return (early, []) }
        let category = scalar.properties.generalCategory
        if category == .nonspacingMark { return (.ignored, []) }

        let folded = self.fold(scalar)
        let isAlone = Self.isIdeograph(scalar) || folded.contains(where: Self.isPunctuation)
        switch (isAlone, folded == [scalar]) {
        case (true, true): return (.alone, [])
        case (true, false): return (.foldedAlone, folded)
        case (false, true): return (.letter, [])
        case (false, false): return (.folded, folded)
        }
    }

    /// Strips accents and lower-cases.
    private func fold(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        (self.baseLetters.base(of: scalar) ?? [scalar]).flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) }
    }

    /// What cleaning alone decides: white space, and what never reaches a word.
    private static func cleaned(_ scalar: Unicode.Scalar) -> ScalarClass? {
        switch scalar {
        case "\t", "\n", "\r": return .space
        case "\u{0}", "\u{FFFD}": return .ignored
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .privateUse, .surrogate: return .ignored
        default: return scalar.properties.isWhitespace ? .space : nil
        }
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 33...47, 58...64, 91...96, 123...126: return true
        default: break
        }
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            return true
        default: return false
        }
    }

    /// The blocks that BERT takes for Chinese characters; not Hangul, not kana.
    private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
            0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            return true
        default: return false
        }
    }
}
