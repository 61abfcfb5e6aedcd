/// Reads a document in the child itself and writes what is in it to standard output as `BlockFrame`s.
///
/// A new format is one more case here; what it throws says why the document cannot be read.
enum OwnParser {
    /// - Returns: Why it failed, nil when all was written.
    static func run(_ format: DocumentFormat, path: String) -> ChildExitCode? {
        let output = FrameWriter()
        do {
            try self.parse(format, path: path, to: output)
        } catch let code as ChildExitCode {
            return code
        } catch let error as PackageError {
            return ChildExitCode(error)
        } catch is HTMLParser.Failure {
            return .outOfMemory
        } catch {
            return .unreadable
        }
        output.append(.end)
        return output.flush() ? nil : .broken
    }

    private static func parse(_ format: DocumentFormat, path: String, to output: FrameWriter) throws {
        switch format {
        // What unrtf makes of a document is a page.
        case .html, .richText: try HTMLChild.parse(path, to: output)
        case .json: try JSONDocumentText.parse(path, to: output)
        case .xml: try XMLText.parse(path, to: output)
        case .mail: try MailText.parse(path, to: output)
        case .csv: try CSVChild.parse(path, to: output)
        case .plainText, .sourceText, .markdown: try TextChild.parse(path, format: format, to: output)
        case .oldWordDocument: try DocBookText.parse(path, emit: output.append)
        case .wordDocument: try WordDocument.read(PackageReader(path: path), emit: output.append)
        case .slides: try SlideDeck.read(PackageReader(path: path), emit: output.append)
        case .openDocument: try OpenDocument.read(PackageReader(path: path), emit: output.append)
        case .book: try Book.read(PackageReader(path: path), emit: output.append)
        case .workbook: try Workbook.read(PackageReader(path: path), emit: output.append)
        case .openDocumentSheets: try OpenDocumentSheets.read(PackageReader(path: path), emit: output.append)
        case .oldWorkbook: try SeparatedSheets.read(path, emit: output.append)
        case .pdf, .image, .unknown: throw ChildExitCode.usage
        }
    }
}
