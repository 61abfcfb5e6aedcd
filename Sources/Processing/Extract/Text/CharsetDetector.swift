import CUchardet

/// Finds out how the bytes of a text stand for characters, where no byte order mark says it.
///
/// First what bytes cannot be by chance: UTF-16 and UTF-32 with their zeros; then what the text declares, then UTF-8,
/// and only then what uchardet takes it for. Runs in the extraction child only: the library is not ours to trust.
enum CharsetDetector {
    /// How much of a text is looked at, in bytes.
    static let headLength = 1 << 21
    /// Letters beyond ASCII that are too few to tell one Latin alphabet from another.
    private static let fewLetters = 8

    /// - Parameter head: The first bytes of the text, without a byte order mark.
    /// - Returns: The encoding to read the text in.
    static func encoding(of head: ArraySlice<UInt8>) -> TextEncoding {
        if let wide = self.wideEncoding(of: head) { return wide }
        let lines = self.linesBeyondASCII(of: head)
        if lines.invalid == 0 { return .utf8 }
        if let declared = self.declared(in: head) { return declared }
        // A text of many hands: most of it is UTF-8, and the transcoder takes single lines for Windows-1252.
        if lines.valid > lines.invalid { return .utf8 }
        return self.detected(head)
    }

    /// UTF-16 and UTF-32 by their zeros, which stand on the same side of each unit; nil for everything else.
    static func wideEncoding(of head: ArraySlice<UInt8>) -> TextEncoding? {
        let sample = Array(head.prefix(1 << 12))
        guard sample.count >= 16, sample.contains(0), let encoding = self.encodingByZeros(sample) else { return nil }
        var transcoder = TextTranscoder(encoding)
        var text: [UInt8] = []
        transcoder.append(sample, to: &text)
        let isText = String(decoding: text, as: UTF8.self).unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x09, 0x0A, 0x0C, 0x0D: true
            case 0..<0x20, 0x7F..<0xA0, 0xFFFD...0xFFFF: false
            default: true
            }
        }
        return isText ? encoding : nil
    }

    private static func encodingByZeros(_ sample: [UInt8]) -> TextEncoding? {
        var zeros = [0, 0, 0, 0]
        for (index, byte) in sample.enumerated() where byte == 0 { zeros[index % 4] += 1 }
        let units = sample.count / 4
        if zeros[0] == units, zeros[1] * 10 >= units * 9, zeros[3] == 0 { return .utf32(isBigEndian: true) }
        if zeros[3] >= units, zeros[2] * 10 >= units * 9, zeros[0] == 0 { return .utf32(isBigEndian: false) }
        let (even, odd) = (zeros[0] + zeros[2], zeros[1] + zeros[3])
        if even == 0, odd * 8 >= units { return .utf16(isBigEndian: false) }
        if odd == 0, even * 8 >= units { return .utf16(isBigEndian: true) }
        return nil
    }

    /// How many lines with bytes above ASCII are UTF-8, and how many are not; the last, which may be cut, is neither.
    private static func linesBeyondASCII(of head: ArraySlice<UInt8>) -> (valid: Int, invalid: Int) {
        var (valid, invalid) = (0, 0)
        var rest = head
        while !rest.isEmpty {
            let line = rest.prefix { $0 != 0x0A }
            rest = rest[line.endIndex...].dropFirst()
            guard line.contains(where: { $0 >= 0x80 }) else { continue }
            if String(validating: line, as: UTF8.self) != nil {
                valid += 1
            } else if !(rest.isEmpty && self.isCutOff(line)) {
                invalid += 1
            }
        }
        return (valid, invalid)
    }

    /// Whether a line is UTF-8 but for a character at its end that is not complete.
    private static func isCutOff(_ line: ArraySlice<UInt8>) -> Bool {
        (1...3).contains { String(validating: line.dropLast($0), as: UTF8.self) != nil }
    }

    /// What an editor's mark in the first two lines says, as Python, Emacs and Vim know it: `coding: koi8-r`.
    private static func declared(in head: ArraySlice<UInt8>) -> TextEncoding? {
        let lines = head.prefix(400).split(separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false).prefix(2)
        for line in lines {
            let text = String(decoding: line, as: UTF8.self).lowercased()
            guard let mark = text.firstRange(of: "coding"), let sign = text[mark.upperBound...].first,
                sign == ":" || sign == "="
            else { continue }
            let name = text[mark.upperBound...].dropFirst().drop { $0 == " " }
                .prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
            guard !name.isEmpty, name.utf8.count <= 40 else { continue }
            let encoding = HTMLCharset.encoding(named: String(name))
            if encoding != .utf8 { return encoding }
        }
        return nil
    }

    private static func detected(_ head: ArraySlice<UInt8>) -> TextEncoding {
        guard let detector = uchardet_new() else { return .utf8 }
        defer { uchardet_delete(detector) }
        let failed = head.withUnsafeBytes { bytes in
            uchardet_handle_data(detector, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        guard failed == 0 else { return .utf8 }
        uchardet_data_end(detector)
        let name = uchardet_get_charset(detector).map { String(cString: $0).lowercased() } ?? ""
        // A few letters with accents could be of any language; most likely they are of a western one.
        let isGuess = head.prefix(1 << 16).count { $0 >= 0x80 } < self.fewLetters && name.hasPrefix("iso-8859-")
        return name.isEmpty || name == "ascii" || isGuess ? .windows1252 : HTMLCharset.encoding(named: name)
    }
}
