/// What a person typed, as an FTS5 query that cannot be malformed: its words, quoted, joined by OR.
///
/// Words are runs of letters, digits and marks; everything else, FTS5's operators included, only separates them.
/// Stop words are left out unless the question has nothing else.
package struct FullTextQuery: Equatable {
    /// The most words that are searched for; a question of more is a text, and its beginning tells what it is about.
    package static let maxTerms = 64
    /// How much of a question is looked at, in Unicode scalars.
    package static let maxLength = 16_384

    /// In the order they were typed, each once; lower case.
    package let terms: [String]

    package init(_ text: String) {
        let words = Self.words(of: text)
        let telling = words.filter { !StopWords.english.contains($0) }
        self.terms = Array((telling.isEmpty ? words : telling).prefix(Self.maxTerms))
    }

    /// The right side of `MATCH`; nil when there is nothing to look for.
    package var expression: String? {
        guard !self.terms.isEmpty else { return nil }
        return self.terms.map(Self.quoted).joined(separator: " OR ")
    }

    /// A single character of an unspaced script is looked for at the beginning of a pair, too.
    private static func quoted(_ term: String) -> String {
        let scalars = term.unicodeScalars
        let isSingle = scalars.count == 1 && scalars.allSatisfy(UnspacedScript.contains)
        // No term contains a quote: it is not a letter.
        return "\"\(term)\"\(isSingle ? "*" : "")"
    }

    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var known: Set<String> = []
        var rest = text.unicodeScalars.prefix(Self.maxLength)
        while let start = rest.firstIndex(where: Self.isPartOfWord) {
            rest = rest[start...]
            let isUnspaced = UnspacedScript.contains(rest[start])
            let word = rest.prefix { Self.isPartOfWord($0) && UnspacedScript.contains($0) == isUnspaced }
            for term in Self.terms(of: word, isUnspaced: isUnspaced) where known.insert(term).inserted {
                words.append(term)
            }
            rest = rest[word.endIndex...]
        }
        return words
    }

    private static func terms(of word: some Collection<Unicode.Scalar>, isUnspaced: Bool) -> [String] {
        guard isUnspaced else { return [String(String.UnicodeScalarView(word)).lowercased()] }
        let terms = UnspacedScript.terms(of: word)
        // The lone last character only serves those who look for nothing else.
        return terms.count > 1 ? terms.dropLast() : terms
    }

    private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber,
            .nonspacingMark, .spacingMark, .enclosingMark, .privateUse:
            true
        default: false
        }
    }
}
