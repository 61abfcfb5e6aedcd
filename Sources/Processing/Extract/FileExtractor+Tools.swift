import Ingest
import NIOPosix

/// Formats that programs of others read.
extension FileExtractor {
    /// Extracts a PDF; the text of a scan is recognised if that is wanted.
    func extractPDF(_ path: String) async throws -> ExtractedText {
        let arguments = ["-htmlmeta", "-enc", "UTF-8", path, "-"]
        let request = ExtractionRequest(
            parser: .tool(self.tools.pdftotext, arguments: arguments),
            path: path,
            limits: self.limits.pdf
        )
        let document = try await self.children.run(request, PDFTextScanner(limits: self.limits), format: .pdf)
        if let text = document.text { return text }
        guard let recognition = self.recognition else { throw ExtractionError.noText(.pdf) }
        return try await self.recognizePages(of: path, count: document.pages, title: document.title, recognition)
    }

    /// Extracts an older format by way of what a program of others makes of it.
    func extractOld(_ path: String, _ format: DocumentFormat) async throws -> ExtractedText {
        let made: [UInt8] =
            switch format {
            case .richText: try await self.extractRichText(path)
            case .oldWordDocument:
                try await self.run(self.tools.antiword, ["-x", "db", path], path, ChildBytes(), format)
            default:
                try await self.run(self.tools.xls2csv, SeparatedSheets.arguments + [path], path, ChildBytes(), format)
            }
        guard !made.isEmpty else { throw ExtractionError.damaged(format) }
        var text = try await self.blocks(format, ExtractionRequest.input, self.limits.office, input: made)
        if format == .oldWordDocument, WordFootnotes.areMarked(in: made) {
            let arguments = ["-t", "-w", "0", path]
            let shown = try await self.run(self.tools.antiword, arguments, path, ChildBytes(), format)
            text.blocks += try WordFootnotes.blocks(in: shown, limits: self.limits)
        }
        return text
    }

    /// Has unrtf make HTML; it is given a copy of a document that has footnotes, with these as text.
    private func extractRichText(_ path: String) async throws -> [UInt8] {
        let copy = try await self.threadPool.runIfActive { try RichTextFootnotes.inlined(path) }
        let (place, arguments) = copy == nil ? (path, [path]) : (ExtractionRequest.input, [])
        return try await self.run(
            self.tools.unrtf, ["--html", "--nopict"] + arguments, place, RichTextOutput(), .richText, input: copy ?? [])
    }

    private func run<Output: ChildOutput>(
        _ tool: String,
        _ arguments: [String],
        _ path: String,
        _ output: Output,
        _ format: DocumentFormat,
        input: [UInt8] = []
    ) async throws -> Output.Result {
        let parser = ExtractionRequest.Parser.tool(tool, arguments: arguments)
        let request = ExtractionRequest(parser: parser, path: path, limits: self.limits.office)
        return try await self.children.run(request, output, format: format, input: input)
    }

    /// Tells of an image, and what stands in it if text is to be recognised.
    func extractImage(_ content: FetchedContent, mediaType: String) async throws -> ExtractedText {
        let request = ExtractionRequest(parser: .image, path: content.filePath, limits: self.limits.identification)
        let description = try await self.children.run(request, ChildBytes(), format: .image)
        let image = ImageText(description: String(decoding: description, as: UTF8.self), mediaType: mediaType)
        var collector = BlockCollector(limits: self.limits)
        try collector.append(.preformatted, image.lines(name: content.name).joined(separator: "\n"))
        for paragraph in try await self.recognizeImage(content.filePath) {
            try collector.append(.paragraph, paragraph)
        }
        return try collector.result(.image)
    }

    /// The text in an image; none where it is not to be recognised, or nothing is installed that could.
    private func recognizeImage(_ path: String) async throws -> [String] {
        guard let recognition = self.recognition else { return [] }
        do {
            return try await self.recognize(path, recognition, format: .image)
        } catch ExtractionError.toolMissing {
            return []
        }
    }
}
