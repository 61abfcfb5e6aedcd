/// Scripts written without spaces between words, which the index's tokenizer would take for one long word.
///
/// Runs of them are indexed and searched as overlapping pairs (東京都 as 東京 京都 都), the usual way of search engines
/// that know no dictionary. The last character stands alone too, so that every single one is the beginning of a term.
package enum UnspacedScript {
    /// Han, Kana, Hangul (whose particles stick to the words), Thai, Lao, Khmer and Burmese.
    static func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x0E00: false
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1100...0x11FF, 0x1780...0x17FF: true
        case 0x3005...0x3007, 0x3040...0x30FF, 0x3130...0x318F, 0x31F0...0x31FF: true
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7FF, 0xF900...0xFAFF, 0xFF66...0xFFDC: true
        case 0x20000...0x3FFFF: true
        default: false
        }
    }

    /// The overlapping pairs of a run, then its last scalar.
    static func terms(of run: some Collection<Unicode.Scalar>) -> [String] {
        var terms: [String] = []
        var previous: Unicode.Scalar?
        for scalar in run {
            if let previous { terms.append(String(String.UnicodeScalarView([previous, scalar]))) }
            previous = scalar
        }
        if let previous { terms.append(String(previous)) }
        return terms
    }

    /// What to index instead of a text: the same with its runs taken apart; nil when there are none.
    package static func searchText(of text: String) -> String? {
        // All of these scripts begin with a byte of three- and four-byte sequences.
        guard text.utf8.contains(where: { $0 >= 0xE0 }), text.unicodeScalars.contains(where: Self.contains) else {
            return nil
        }
        var result = ""
        var rest = text.unicodeScalars[...]
        while let scalar = rest.first {
            let isUnspaced = Self.contains(scalar)
            let run = rest.prefix { Self.contains($0) == isUnspaced }
            if isUnspaced {
                for term in Self.terms(of: run) { result += " \(term)" }
                result += " "
            } else {
                result.unicodeScalars.append(contentsOf: run)
            }
            rest = rest[run.endIndex...]
        }
        return result
    }
}
