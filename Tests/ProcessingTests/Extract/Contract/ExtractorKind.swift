import Ingest
import Processing
import Testing

/// Every implementation of `Extractor`; the contract suites run each of their tests on each.
enum ExtractorKind: String, CaseIterable, CustomTestStringConvertible {
    case files

    var testDescription: String { self.rawValue }

    func extractor() -> any Extractor {
        switch self {
        case .files: FileExtractor(program: Scratch.program)
        }
    }
}

/// Every format that text is extracted from, with a way to write a document of it.
enum FormatKind: String, CaseIterable, CustomTestStringConvertible {
    case plainText
    case sourceText
    case markdown
    case html
    case pdf

    var testDescription: String { self.rawValue }

    /// A file name that leaves no doubt.
    var fileName: String {
        switch self {
        case .plainText: "a.txt"
        case .sourceText: "a.json"
        case .markdown: "a.md"
        case .html: "a.html"
        case .pdf: "a.pdf"
        }
    }

    var mediaType: String {
        switch self {
        case .plainText: "text/plain"
        case .sourceText: "application/json"
        case .markdown: "text/markdown"
        case .html: "text/html"
        case .pdf: "application/pdf"
        }
    }

    /// A document of these paragraphs, which are words of ASCII letters.
    func document(_ paragraphs: [String]) -> [UInt8] {
        switch self {
        case .plainText, .markdown: Array(paragraphs.joined(separator: "\n\n").utf8)
        case .sourceText: Array("[\n\(paragraphs.map { "\"\($0)\"" }.joined(separator: ",\n\n"))\n]".utf8)
        case .html: Array("<!DOCTYPE html><body>\(paragraphs.map { "<p>\($0)</p>" }.joined())</body>".utf8)
        case .pdf: SamplePDF(pages: paragraphs.map { [$0] }).bytes
        }
    }

    /// A document without any text, which is not an empty file.
    var documentWithoutText: [UInt8] {
        switch self {
        case .plainText, .sourceText, .markdown: Array(" \n\t\n".utf8)
        case .html: Array("<!DOCTYPE html><body><p> </p></body>".utf8)
        case .pdf: SamplePDF(pages: [[""]]).bytes
        }
    }
}
