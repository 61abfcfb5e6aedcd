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
