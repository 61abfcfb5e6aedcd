import Ingest

/// How text is read from pictures.
package struct TextRecognition: Equatable, Sendable {
    /// Tesseract's names of the languages to expect, the most frequent first: `deu`, `eng`.
    package var languages: [String]

    package init(languages: [String] = ["eng"]) { self.languages = languages }
}

extension FileExtractor {
    /// Pixels of the longer side of a page's picture: 300 to the inch on A4.
    private static let pageSide = "3508"

    /// Recognises the text of every page of a scan.
    func recognizePages(
        of path: String,
        count: Int,
        title: String?,
        _ recognition: TextRecognition
    ) async throws -> ExtractedText {
        guard count > 0 else { throw ExtractionError.noText(.pdf) }
        guard count <= self.limits.recognizedPages else {
            throw ExtractionError.tooManyPages(count, limit: self.limits.recognizedPages)
        }
        var collector = BlockCollector(limits: self.limits)
        if let title { collector.setTitle(title) }
        for page in 1...count {
            try Task.checkCancellation()
            let picture = try await self.picture(of: page, in: path)
            guard !picture.isEmpty else { continue }
            let text = try await self.recognize(
                ExtractionRequest.input,
                recognition,
                format: .pdf,
                input: picture
            )
            for paragraph in text { try collector.append(.paragraph, paragraph, page: page) }
        }
        return try collector.result(.pdf)
    }

    /// Recognises the text of one picture.
    ///
    /// - Parameters:
    ///   - path: The picture's, or `ExtractionRequest.input`.
    ///   - recognition: How.
    ///   - format: What the document is called in errors.
    ///   - input: The picture, in the second case.
    /// - Returns: Its paragraphs.
    /// - Throws: `ExtractionError`, or `CancellationError`.
    func recognize(
        _ path: String,
        _ recognition: TextRecognition,
        format: DocumentFormat,
        input: [UInt8] = []
    ) async throws -> [String] {
        let picture = path == ExtractionRequest.input ? "stdin" : path
        let arguments = [picture, "stdout", "-l", recognition.languages.joined(separator: "+")]
        let request = ExtractionRequest(
            parser: .tool(self.tools.tesseract, arguments: arguments),
            path: path,
            limits: self.limits.recognition
        )
        let text = try await self.children.run(request, ChildBytes(), format: format, input: input)
        return String(decoding: text, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map { CleanText.line(String($0)) }
            .split(separator: "")
            .map { $0.joined(separator: "\n") }
    }

    private func picture(of page: Int, in path: String) async throws -> [UInt8] {
        let arguments = ["-gray", "-scale-to", Self.pageSide, "-f", "\(page)", "-l", "\(page)", path]
        let request = ExtractionRequest(
            parser: .tool(self.tools.pdftoppm, arguments: arguments),
            path: path,
            limits: self.limits.recognition
        )
        return try await self.children.run(request, ChildBytes(), format: .pdf)
    }
}
