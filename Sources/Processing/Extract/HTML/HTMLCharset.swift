/// Finds out which encoding a page is in: by its byte order mark, else by what it declares, else UTF-8.
enum HTMLCharset {
    /// How far into the page a declaration is looked for.
    private static let searchedBytes = 4_096

    /// - Parameter head: The first bytes of the page, without a byte order mark.
    /// - Returns: The encoding to read the page in.
    static func declared(in head: some Sequence<UInt8>) -> TextEncoding {
        let text = String(decoding: Array(head.prefix(self.searchedBytes)), as: UTF8.self).lowercased()
        if text.hasPrefix("<?xml"), let end = text.firstRange(of: "?>"),
            let name = self.value(of: "encoding", in: text[..<end.lowerBound])
        {
            return self.encoding(named: name)
        }
        var rest = text[...]
        while let tag = rest.firstRange(of: "<meta") {
            let attributes = rest[tag.upperBound...].prefix { $0 != ">" }
            if let name = self.value(of: "charset", in: attributes) { return self.encoding(named: name) }
            rest = rest[attributes.endIndex...]
        }
        return .utf8
    }

    /// What stands behind `name=`, in quotes or without.
    private static func value(of name: String, in text: Substring) -> String? {
        guard let range = text.firstRange(of: name) else { return nil }
        let rest = text[range.upperBound...].drop(while: \.isWhitespace)
        guard rest.first == "=" else { return nil }
        let value = rest.dropFirst().drop { $0.isWhitespace || $0 == "\"" || $0 == "'" }
            .prefix(while: { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.:".contains($0)) })
        return value.isEmpty || value.utf8.count > 40 ? nil : String(value)
    }

    /// The names that pages use stand for the encodings that browsers take them for, mostly supersets.
    static func encoding(named name: String) -> TextEncoding {
        switch name {
        case "utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "unicode": .utf8
        case "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "us-ascii", "ascii", "windows-1252",
            "cp1252":
            .windows1252
        case "gb2312", "gbk", "x-gbk", "gb_2312-80": .other(name: "gb18030")
        case "shift_jis", "shift-jis", "x-sjis", "sjis": .other(name: "cp932")
        case "euc-kr", "ks_c_5601-1987", "korean": .other(name: "cp949")
        case "big5": .other(name: "big5-hkscs")
        case "iso-8859-9": .other(name: "cp1254")
        case "iso-8859-11", "tis-620": .other(name: "cp874")
        default: .other(name: name)
        }
    }
}
