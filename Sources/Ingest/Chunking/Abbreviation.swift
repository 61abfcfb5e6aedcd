/// Tells words whose full stop does not end a sentence.
enum Abbreviation {
    /// Length of the longest abbreviation known; longer words need not be looked up.
    static let longest = 10

    /// Whether a word that a full stop follows is an abbreviation: one letter, letters with stops between them, or one
    /// of a short list from the languages that abbreviate most before capital letters.
    static func matches(_ word: [Unicode.Scalar]) -> Bool {
        let letters = word.drop { !$0.properties.isAlphabetic && $0.properties.numericType == nil }
        guard !letters.isEmpty, letters.count <= self.longest else { return false }
        let parts = letters.split(separator: ".")
        if parts.allSatisfy({ $0.count == 1 && $0.allSatisfy(\.properties.isAlphabetic) }) { return true }
        if parts.count > 1 {
            return parts.allSatisfy { $0.count <= 2 && $0.allSatisfy(\.properties.isAlphabetic) }
        }
        var text = ""
        text.unicodeScalars.append(contentsOf: letters)
        return self.known.contains(text.lowercased())
    }

    private static let known: Set<String> = [
        "abb", "abs", "al", "approx", "apr", "art", "aug", "av", "bd", "bzw", "ca", "cap", "capt", "cf", "ch", "chap",
        "co", "col", "corp", "dec", "dept", "dr", "dra", "ed", "eds", "eq", "eqs", "esp", "etc", "ex", "feb", "fig",
        "figs", "fr", "gen", "gov", "hr", "hrsg", "inc", "jan", "jr", "jul", "jun", "kap", "lt", "ltd", "mag", "mar",
        "max", "min", "mme", "mr", "mrs", "ms", "mt", "no", "nos", "nov", "nr", "oct", "op", "pp", "prof", "ref",
        "rev", "sec", "sep", "sept", "sgt", "sr", "sra", "st", "str", "tab", "univ", "usw", "vgl", "vol", "vs",
    ]
}
