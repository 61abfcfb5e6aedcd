import Testing

/// Every format that text is extracted from, with a document of it: written here, or by the programs of `OfficeFile`.
enum FormatKind: CaseIterable, CustomTestStringConvertible {
    case plainText
    case sourceText
    case legacyText
    case markdown
    case csv
    case json
    case xml
    case mail
    case html
    case pdf
    case office(OfficeFile)

    static var allCases: [FormatKind] {
        [.plainText, .sourceText, .legacyText, .markdown, .csv, .json, .xml, .mail, .html, .pdf]
            + OfficeFile.allCases.map { .office($0) }
    }

    var testDescription: String { if case .office(let file) = self { file.rawValue } else { "\(self)" } }

    private static let paragraphs = ["first xylophone", "second xylophone", "third xylophone"]

    /// What stands in the document, in reading order.
    var words: [String] { if case .office(let file) = self { file.words } else { Self.paragraphs } }

    /// A file name that leaves no doubt.
    var fileName: String {
        switch self {
        case .plainText, .legacyText: "a.txt"
        case .csv: "a.csv"
        case .sourceText: "a.py"
        case .json: "a.json"
        case .xml: "a.xml"
        case .mail: "a.eml"
        case .markdown: "a.md"
        case .html: "a.html"
        case .pdf: "a.pdf"
        case .office(let file): "a.\(file.rawValue.split(separator: ".").last ?? "")"
        }
    }

    var mediaType: String {
        switch self {
        case .plainText, .legacyText: "text/plain"
        case .csv: "text/csv"
        case .sourceText: "text/x-python"
        case .json: "application/json"
        case .xml: "application/xml"
        case .mail: "message/rfc822"
        case .markdown: "text/markdown"
        case .html: "text/html"
        case .pdf: "application/pdf"
        case .office(let file): file.mediaType
        }
    }

    /// A document of `words`.
    func document() throws -> [UInt8] {
        let paragraphs = Self.paragraphs
        return switch self {
        case .plainText, .markdown: Array(paragraphs.joined(separator: "\n\n").utf8)
        case .legacyText:
            "gar\u{E7}on, d\u{E9}j\u{E0} vu\n\n\(paragraphs.joined(separator: "\n\n"))".unicodeScalars
                .map { UInt8($0.value) }
        case .csv: Array("text,number\n\(paragraphs.map { "\"\($0)\",1\n" }.joined())".utf8)
        case .xml: Array("<?xml version='1.0'?><doc>\(paragraphs.map { "<p>\($0)</p>" }.joined())</doc>".utf8)
        case .mail: Array("From: a@example.org\nSubject: words\n\n\(paragraphs.joined(separator: "\n\n"))\n".utf8)
        case .sourceText, .json: Array("[\n\(paragraphs.map { "\"\($0)\"" }.joined(separator: ",\n\n"))\n]".utf8)
        case .html: Array("<!DOCTYPE html><body>\(paragraphs.map { "<p>\($0)</p>" }.joined())</body>".utf8)
        case .pdf: SamplePDF(pages: paragraphs.map { [$0] }).bytes
        case .office(let file): try OfficeFile.read(file.rawValue)
        }
    }

    /// A document without any text, which is not an empty file; nil for a format that always has some.
    func documentWithoutText() throws -> [UInt8]? {
        switch self {
        case .plainText, .legacyText, .sourceText, .markdown, .csv: Array(" \n\t\n".utf8)
        case .json: Array("{\"a\": [null, \" \"]}".utf8)
        case .xml: Array("<doc> <p/> </doc>".utf8)
        case .mail: Array("MIME-Version: 1.0\n\n \n".utf8)
        case .html: Array("<!DOCTYPE html><body><p> </p></body>".utf8)
        case .pdf: SamplePDF(pages: [[""]]).bytes
        case .office(let file): try file.blank.map { try OfficeFile.read($0) }
        }
    }
}
